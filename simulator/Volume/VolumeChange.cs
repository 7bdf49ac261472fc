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
/// <param name="Kind">Whether it came, went or differs.</param>
public sealed record VolumeChange(FileReference Reference, VolumeChangeKind Kind)
{
    /// <summary>What about a changed file differs; none for one that came or went.</summary>
    public VolumeChangeAspects Aspects { get; init; }

    /// <summary>
    /// Streams that differ, by name: of a created file all, of a deleted one none. A stream that is not listed has the same
    /// content, size and storage in both states.
    /// </summary>
    public IReadOnlyList<StreamChange> Streams { get; init; } = [];
}
