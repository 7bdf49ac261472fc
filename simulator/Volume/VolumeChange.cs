namespace Harness.Simulator.Volume;

/// <summary>How a file differs between two states of a volume.</summary>
public enum VolumeChangeKind
{
    /// <summary>Only the later state has it.</summary>
    Created,

    /// <summary>Only the earlier state has it.</summary>
    Deleted,

    /// <summary>Both have it, and something about it differs.</summary>
    Changed,
}

/// <summary>One file that differs between two states of a volume.</summary>
/// <param name="Reference">The file.</param>
/// <param name="Kind">How it differs.</param>
public readonly record struct VolumeChange(FileReference Reference, VolumeChangeKind Kind);

/// <summary>What differs between two states, and what it cost to find out.</summary>
/// <param name="Changes">Files that differ, by index; a reused record gives a deletion and a creation.</param>
/// <param name="PagesVisited">Record pages that were compared; all others are shared by both states.</param>
public sealed record VolumeDifference(IReadOnlyList<VolumeChange> Changes, long PagesVisited);
