namespace Harness.Simulator.Volume;

/// <summary>What differs between two states, and what it cost to find out.</summary>
/// <param name="Changes">Files that differ, by index; a reused record gives a deletion and a creation.</param>
/// <param name="PagesVisited">Record pages that were compared; all others are shared by both states.</param>
public sealed record VolumeDifference(IReadOnlyList<VolumeChange> Changes, long PagesVisited)
{
    /// <summary>Extents of streams that were compared; runs of extents that both states share are skipped.</summary>
    public long ExtentsVisited { get; init; }
}
