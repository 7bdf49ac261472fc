namespace Harness.Simulator.Journal;

/// <summary>What FSCTL_QUERY_USN_JOURNAL says (USN_JOURNAL_DATA_V2).</summary>
public sealed record JournalInfo
{
    /// <summary>This instance of the journal; another one after it was deleted and made again.</summary>
    public required ulong JournalId { get; init; }

    /// <summary>The oldest record that can be read.</summary>
    public required long FirstUsn { get; init; }

    /// <summary>What the next record will have.</summary>
    public required long NextUsn { get; init; }

    /// <summary>The first record of this instance: a cursor below it is of another.</summary>
    public long LowestValidUsn { get; init; }

    /// <summary>The largest USN there can be.</summary>
    public long MaxUsn { get; init; } = long.MaxValue - ushort.MaxValue;

    /// <summary>Bytes that a trimmed journal holds at most.</summary>
    public required long MaximumSizeBytes { get; init; }

    /// <summary>Step of growing and trimming, in bytes.</summary>
    public required long AllocationDeltaBytes { get; init; }

    /// <summary>The oldest record version.</summary>
    public int MinSupportedMajorVersion { get; init; } = 2;

    /// <summary>The newest record version.</summary>
    public int MaxSupportedMajorVersion { get; init; } = 4;

    /// <summary>How modified ranges are tracked; null when they are not.</summary>
    public RangeTracking? RangeTracking { get; init; }
}
