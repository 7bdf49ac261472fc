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

    public required long SizeBytes { get; init; }

    public required long AllocatedBytes { get; init; }

    public required EntryTraits Traits { get; init; }

    public required long? RawSizeBytes { get; init; }

    public required ExtentMap Content { get; init; }

    /// <summary>Digests of the ranges of the content.</summary>
    public required DigestMap Digests { get; init; }

    /// <summary>Length of the content: raw when raw, else logical.</summary>
    public long ContentBytes => RawSizeBytes ?? SizeBytes;

    public static long RangesOf(long contentBytes) => contentBytes == 0 ? 0 : ((contentBytes - 1) / FormatLimits.RangeBytes) + 1;
}

/// <summary>Something that a recovery point does not hold.</summary>
internal sealed record IssueRecord(bool Failed, string Path, string Reason, string Clause, string Status, string Message);
