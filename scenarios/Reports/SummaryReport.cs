using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>The end of a run on standard output: what failed with a line to paste for each, where the reports are, the totals.</summary>
internal static class SummaryReport
{
    private const int MaxFailures = 50;
    private const int MaxMismatches = 5;

    public static void Write(TextWriter output, IReadOnlyList<CellResult> results, string directory, TimeSpan elapsed)
    {
        var failures = results.Where(r => CellStates.IsFailure(r.State)).ToList();
        foreach (var result in failures.Take(MaxFailures))
        {
            output.WriteLine($"{CellStates.Symbol(result.State)} {CellStates.Name(result.State)}  {result.Id}  ({result.Clause})");
            output.WriteLine($"    {result.Reason}");
            foreach (var mismatch in result.Mismatches.Skip(1).Take(MaxMismatches))
            {
                output.WriteLine($"    Step {mismatch.Step}, {mismatch.What}: expected {mismatch.Expected}, but {mismatch.Actual}.");
            }

            output.WriteLine($"    {result.Repro}");
        }

        if (failures.Count > MaxFailures)
        {
            output.WriteLine($"... and {failures.Count - MaxFailures} more in {Path.Combine(directory, ResultsFile.FileName)}");
        }

        foreach (var result in results.Where(r => r.State == CellState.KnownFail))
        {
            output.WriteLine($"{CellStates.Symbol(result.State)} known-fail  {result.Id}: {result.Reason}");
        }

        output.WriteLine($"{Sizes.Count(results.Count, "cell")} in {elapsed.TotalSeconds:0.0} s; results and reports are in {directory}");
        output.WriteLine(RunTotals.Of(results));
    }
}
