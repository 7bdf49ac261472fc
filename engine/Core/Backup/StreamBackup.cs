using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>One stream being backed up: what it was, and what is known of it so far. Logical thread only.</summary>
internal sealed class StreamBackup(EntryBackup entry, SourceStream source, StreamRecord? previous, bool isFullOnly)
{
    public EntryBackup Entry { get; } = entry;

    public SourceStream Source { get; } = source;

    public StreamRecord? Previous { get; } = previous;

    public bool IsFullOnly { get; } = isFullOnly;

    public ExtentMap.Builder Content { get; } = new();

    public DigestMap.Builder Digests { get; } = new();

    public PageTable.Builder Pages { get; } = new();

    /// <summary>Length that was really read; a live source may have changed it since the listing.</summary>
    public long LengthBytes { get; set; }

    /// <summary>The trouble met while reading; the stream is then reported and left out.</summary>
    public SourceReadException? Failure { get; set; }

    /// <summary>Whether nothing more is wanted of it.</summary>
    public bool IsAbandoned => Failure is not null || Entry.Failure is not null;

    /// <summary>Read and found to be as before: the previous record stands.</summary>
    public bool IsReused { get; set; }

    public StreamRecord ToRecord() => new()
    {
        Name = Source.Name,
        SizeBytes = Source.RawSizeBytes is null ? LengthBytes : Source.SizeBytes,
        AllocatedBytes = Source.AllocatedBytes,
        Traits = Source.Traits & ~EntryTraits.NamedStream,
        RawSizeBytes = Source.RawSizeBytes is null ? null : LengthBytes,
        Content = Content.Build(),
        Digests = Digests.Build(),
    };
}
