using Harness.Engine.Ports;

namespace Harness.Scenarios.Running;

/// <summary>Runs the steps of one cell on a fresh vault and judges what comes out. Safe for concurrent calls.</summary>
public interface ICellExecutor
{
    /// <summary>
    /// Runs and judges. What is otherwise than expected is in the outcome; an exception means that harness or engine broke.
    /// </summary>
    ValueTask<CellOutcome> RunAsync(PlannedCell cell, IVault vault, long seed, CancellationToken cancellationToken);
}

/// <summary>What came out of one cell.</summary>
public sealed record CellOutcome
{
    /// <summary>Everything otherwise than expected; empty for a pass.</summary>
    public required IReadOnlyList<Mismatch> Mismatches { get; init; }

    /// <summary>The steps that ran.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>Why the cell was left out, or null when it ran; nothing else counts then.</summary>
    public string? Skipped { get; init; }

    /// <summary>What the documents demand, in one line.</summary>
    public required string Expected { get; init; }

    /// <summary>What came out, in one line.</summary>
    public required string Actual { get; init; }
}
