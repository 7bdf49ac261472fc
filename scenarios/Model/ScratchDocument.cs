namespace Harness.Scenarios.Model;

/// <summary>The scratch location of a scenario.</summary>
public sealed record ScratchDocument
{
    /// <summary>
    /// Free space: an amount such as 10%, 10% - 1, 512MiB. A percentage is of the size that the expectations protect, rounded
    /// up to whole bytes.
    /// </summary>
    public Amount Free { get; init; } = Amount.Parse("1GiB");

    /// <summary>From what use on it is full all the same, since other programs take the space once a run has looked; never when not given.</summary>
    public Amount? FillsAt { get; init; }

    /// <summary>Where it is; a later scratch step changes the free space alone.</summary>
    public ScratchPlace On { get; init; }
}
