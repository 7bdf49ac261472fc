using Harness.Engine.Model;

namespace Harness.Simulator.Journal;

/// <summary>A record as it is kept: the name is a reference into the volume's table.</summary>
internal readonly record struct JournalEntry
{
    public long Usn { get; init; }
    public ulong File { get; init; }
    public ulong Parent { get; init; }
    public long TimeStamp { get; init; }
    public UsnReason Reason { get; init; }
    public UsnSourceInfo Source { get; init; }
    public int SecurityId { get; init; }
    public FileAttributes Attributes { get; init; }
    public uint NameRef { get; init; }
    public int Length { get; init; }
    public int RemainingExtents { get; init; }
    public byte Version { get; init; }

    /// <summary>Modified ranges; null but in version 4.</summary>
    public ByteRange[]? Extents { get; init; }
}

/// <summary>A run of records. Grows at its end only, so that a frozen journal may read it while the live one goes on.</summary>
internal sealed class JournalSegment
{
    public const int Capacity = 512;

    public JournalEntry[] Entries { get; } = new JournalEntry[Capacity];

    public int Count { get; set; }

    public JournalSegment? Next { get; set; }
}
