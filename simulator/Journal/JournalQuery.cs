namespace Harness.Simulator.Journal;

/// <summary>What to read (READ_USN_JOURNAL_DATA_V1).</summary>
public sealed record JournalQuery
{
    /// <summary>The journal that the cursor belongs to.</summary>
    public required ulong JournalId { get; init; }

    /// <summary>The first record to look at; 0 is the oldest there is.</summary>
    public long StartUsn { get; init; }

    /// <summary>Only records with one of these reasons.</summary>
    public UsnReason ReasonMask { get; init; } = (UsnReason)uint.MaxValue;

    /// <summary>Only the record that closes a series, and the ranges before it.</summary>
    public bool OnlyOnClose { get; init; }

    /// <summary>
    /// The oldest version the reader takes, 2 to 4.
    /// </summary>
    public int MinMajorVersion { get; init; } = 2;

    /// <summary>
    /// The newest version the reader takes, 2 to 4: with 2, version 3 is given as 2; below 4, ranges are left out.
    /// </summary>
    public int MaxMajorVersion { get; init; } = 4;

    /// <summary>Bytes of records that one answer holds at most.</summary>
    public int BufferBytes { get; init; } = 64 * 1024;
}
