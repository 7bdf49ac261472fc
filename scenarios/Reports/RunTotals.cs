using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>Counts of a run. A known failure counts as skipped, a cell that was not reached too.</summary>
/// <param name="Passed">Cells as expected.</param>
/// <param name="Failed">Failures, errors, timeouts and unexpected passes.</param>
/// <param name="Skipped">Everything else.</param>
public sealed record RunTotals(int Passed, int Failed, int Skipped)
{
    /// <summary>Counts results.</summary>
    public static RunTotals Of(IReadOnlyList<CellResult> results)
    {
        var passed = results.Count(r => r.State == CellState.Pass);
        var failed = results.Count(r => CellStates.IsFailure(r.State));
        return new RunTotals(passed, failed, results.Count - passed - failed);
    }

    /// <summary>The last line of every run.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
