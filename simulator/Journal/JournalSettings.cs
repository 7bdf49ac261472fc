namespace Harness.Simulator.Journal;

/// <summary>Sizes of a change journal (CREATE_USN_JOURNAL_DATA).</summary>
public sealed record JournalSettings
{
    /// <summary>Bytes that a trimmed journal holds at most; more than 0. 32 MiB as Windows makes it.</summary>
    public long MaximumSizeBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Bytes by which the journal grows beyond its maximum before it is trimmed, and step of trimming; more than 0 and at most
    /// the maximum.
    /// </summary>
    public long AllocationDeltaBytes { get; init; } = 8 << 20;

    internal void Validate()
    {
        if (MaximumSizeBytes <= 0 || AllocationDeltaBytes <= 0 || AllocationDeltaBytes > MaximumSizeBytes)
        {
            throw new JournalException(
                JournalError.InvalidParameter,
                $"A journal of {MaximumSizeBytes} bytes with a delta of {AllocationDeltaBytes} cannot be made: both are above 0, "
                    + "and the delta is not above the size.");
        }
    }
}
