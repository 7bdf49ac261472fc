using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Backup;

/// <summary>How a backup goes about its work.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// Packs after which the run says in the vault what it has done, so that a run that is cut off is not begun anew even where its
    /// scratch location is lost; 1 to 1,024, default 8.
    /// </summary>
    public int PacksPerCheckpoint { get; init; } = 8;

    /// <summary>
    /// Packs on their way to the vault at once, each with a pack of memory; 1 to 32, default 2: these keep Azurite and a network busy
    /// with packs of 16 MiB.
    /// </summary>
    public int UploadsAtOnce { get; init; } = 2;

    /// <summary>
    /// Segments of the run that are held in memory before an index blob names them, about 120 bytes each; 1 to 250,000, which is the
    /// default. A run that sends more writes several index blobs on its way.
    /// </summary>
    public int SegmentsPerIndex { get; init; } = IndexDocument.MaxSegments / 2;

    /// <summary>Throws ArgumentInvalid for a value out of its range.</summary>
    internal void Require()
    {
        Require(PacksPerCheckpoint, 1_024, "packs between two checkpoints");
        Require(UploadsAtOnce, 32, "uploads at once");
        Require(SegmentsPerIndex, IndexDocument.MaxSegments / 2, "segments in memory");
    }

    private static void Require(int value, int most, string what)
    {
        if (value < 1 || value > most)
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, $"A backup cannot have {value} {what}.", $"Give 1 to {most}.");
        }
    }
}
