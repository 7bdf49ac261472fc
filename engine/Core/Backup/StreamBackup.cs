using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>One stream being backed up: what it was, and what is known of it so far. Logical thread only.</summary>
internal sealed class StreamBackup(EntryBackup entry, SourceStream source, uint id, StreamRecord? previous, bool isFullOnly)
{
    public EntryBackup Entry { get; } = entry;

    public SourceStream Source { get; } = source;

    public uint Id { get; } = id;

    public StreamRecord? Previous { get; } = previous;

    public bool IsFullOnly { get; } = isFullOnly;

    /// <summary>Regions that were read and whose content is not collected yet; ascending.</summary>
    public Queue<RegionBackup> Regions { get; } = new();

    /// <summary>Of a long stream, the regions that this run has put into the state, should the stream fail after all.</summary>
    public List<(RecordKey Key, PageTable Pages, PageTable PreviousPages)> PutRegions { get; } = [];

    /// <summary>Content of a stream that is kept in its entry's record.</summary>
    public ProtectedContent? Content { get; set; }

    /// <summary>Where its fingerprints are, with <see cref="Content"/>.</summary>
    public PageTable Pages { get; set; } = PageTable.Empty;

    /// <summary>And where those of the previous recovery point were.</summary>
    public PageTable PreviousPages { get; set; } = PageTable.Empty;

    /// <summary>Bytes of <see cref="Content"/> that differ from the previous recovery point.</summary>
    public long ChangedBytes { get; set; }

    /// <summary>Length that was really read; a live source may have changed it since the listing.</summary>
    public long LengthBytes { get; set; }

    /// <summary>Whether the content has records of its own.</summary>
    public bool IsInRegions => LengthBytes > FormatLimits.RegionBytes;

    /// <summary>The trouble met while reading; the stream is then reported and left out.</summary>
    public SourceReadException? Failure { get; private set; }

    /// <summary>Whether nothing more is wanted of it.</summary>
    public bool IsAbandoned => Failure is not null || Entry.Failure is not null;

    /// <summary>Read and found to be as before: the previous record stands.</summary>
    public bool IsReused { get; set; }

    /// <summary>Notes trouble, the first of which counts; trouble with a file's own data is trouble with the whole entry.</summary>
    public void Fail(SourceReadException error)
    {
        Failure ??= error;
        if (Source.Name.Length == 0)
        {
            Entry.Failure ??= error;
        }
    }

    /// <summary>The record without its content.</summary>
    public StreamRecord ToMetadataRecord() => ToRecord() with
    {
        Content = IsInRegions ? null : ProtectedContent.Empty with { LengthBytes = LengthBytes },
    };

    public StreamRecord ToRecord() => new()
    {
        Name = Source.Name,
        Id = Id,
        SizeBytes = Source.RawSizeBytes is null ? LengthBytes : Source.SizeBytes,
        AllocatedBytes = Source.AllocatedBytes,
        Traits = Source.Traits & ~EntryTraits.NamedStream,
        RawSizeBytes = Source.RawSizeBytes is null ? null : LengthBytes,
        Content = IsInRegions ? null : Content ?? ProtectedContent.Empty with { LengthBytes = LengthBytes },
    };

    /// <summary>A record of its content as it was, with the metadata that it has now.</summary>
    public StreamRecord Reuse(StreamRecord record) => record with
    {
        AllocatedBytes = Source.AllocatedBytes,
        SizeBytes = Source.RawSizeBytes is null ? LengthBytes : Source.SizeBytes,
        Traits = Source.Traits & ~EntryTraits.NamedStream,
    };
}
