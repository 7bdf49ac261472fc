namespace Harness.Simulator.Journal;

/// <summary>
/// Tracking of modified ranges (FSCTL_USN_TRACK_MODIFIED_RANGES): records of version 4 before the close record of a file.
/// </summary>
public sealed record RangeTracking
{
    /// <summary>Bytes that one modified byte marks; more than 0. 16 KiB as Windows has it.</summary>
    public long ChunkBytes { get; init; } = 16 * 1024;

    /// <summary>Size from which on a file's ranges are written; 0 or more. 1 MiB as Windows has it.</summary>
    public long FileSizeThresholdBytes { get; init; } = 1 << 20;

    internal void Validate()
    {
        if (ChunkBytes <= 0 || FileSizeThresholdBytes < 0)
        {
            throw new JournalException(
                JournalError.InvalidParameter,
                $"Ranges cannot be tracked in chunks of {ChunkBytes} bytes from {FileSizeThresholdBytes} bytes on.");
        }
    }
}
