using Harness.Engine.Model;
using Harness.Engine.Rules;

namespace Harness.Engine.Format;

/// <summary>An entry as a manifest keeps it (FORMAT.md section 7). Immutable.</summary>
internal sealed record EntryRecord
{
    public required ulong FileReference { get; init; }

    public required EntryKind Kind { get; init; }

    public required Protection Protection { get; init; }

    public required EntryTraits Traits { get; init; }

    public required uint Attributes { get; init; }

    public required ulong Parent { get; init; }

    public required string Name { get; init; }

    public required EntryTimes Times { get; init; }

    public required EntrySecurity Security { get; init; }

    public required ReadOnlyMemory<byte> EncryptionInfo { get; init; }

    public required IReadOnlyList<StreamRecord> Streams { get; init; }

    /// <summary>Of a link, what it consists of; else null.</summary>
    public ReparseContent? Reparse { get; init; }

    /// <summary>Of a file of several names, all but the first, ascending.</summary>
    public IReadOnlyList<EntryName> Names { get; init; } = [];

    public bool IsRoot => Parent == FileReference;

    public StreamRecord? FindStream(string name)
    {
        foreach (var stream in Streams)
        {
            if (stream.Name == name)
            {
                return stream;
            }
        }

        return null;
    }
}

/// <summary>A stream as a manifest keeps it.</summary>
internal sealed record StreamRecord
{
    public required string Name { get; init; }

    /// <summary>Identity within the entry, kept while the name is kept; 0 is the unnamed stream.</summary>
    public required uint Id { get; init; }

    public required long SizeBytes { get; init; }

    public required long AllocatedBytes { get; init; }

    public required EntryTraits Traits { get; init; }

    public required long? RawSizeBytes { get; init; }

    /// <summary>The content; null when it is longer than a region and so has records of its own.</summary>
    public required ProtectedContent? Content { get; init; }

    /// <summary>Length of the content: raw when raw, else logical.</summary>
    public long ContentBytes => RawSizeBytes ?? SizeBytes;

    /// <summary>Whether the content is kept in records of its own.</summary>
    public bool IsInRegions => ContentBytes > FormatLimits.RegionBytes;

    public static long RangesOf(long contentBytes) => contentBytes == 0 ? 0 : ((contentBytes - 1) / FormatLimits.RangeBytes) + 1;
}

/// <summary>Something that a recovery point does not hold.</summary>
/// <param name="Failed">Trouble, where else the rules skip it.</param>
/// <param name="Parent">File reference of the directory that it is in.</param>
/// <param name="Name">Its name there, a stream as name:stream; where the directory is not known, the path from the root.</param>
/// <param name="FileReference">Whose issue it is; 0 where that is not known.</param>
/// <param name="Reason">Reason code.</param>
/// <param name="Clause">Clause of the profile.</param>
/// <param name="Status">Status of the clause, when skipped.</param>
/// <param name="Message">What happened, when failed.</param>
internal sealed record IssueRecord(
    bool Failed, ulong Parent, string Name, ulong FileReference, string Reason, string Clause, string Status, string Message);
