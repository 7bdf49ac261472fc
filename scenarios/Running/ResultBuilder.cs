using Harness.Engine.Errors;
using Harness.Scenarios.Model;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>Makes the results of one run.</summary>
/// <param name="options">The run.</param>
/// <param name="commit">The commit.</param>
/// <param name="shard">The part as i/n, or null.</param>
internal sealed class ResultBuilder(RunOptions options, string commit, string? shard)
{
    /// <summary>The seed of a cell: that of the run, else the scenario's own.</summary>
    public long SeedOf(PlannedCell cell) => options.Seed ?? cell.Cell.Document.Seed;

    /// <summary>A cell that ran to its end.</summary>
    public CellResult Ran(PlannedCell cell, CellOutcome outcome, TimeSpan duration)
    {
        if (outcome.Skipped is { } why)
        {
            return Begin(cell, CellState.Skipped, why, duration);
        }

        var known = FindKnown(cell);
        var failed = outcome.Mismatches.Count > 0;
        var state = (failed, known) switch
        {
            (true, null) => CellState.Fail,
            (true, _) => CellState.KnownFail,
            (false, null) => CellState.Pass,
            (false, _) => CellState.UnexpectedPass,
        };
        var reason = state switch
        {
            CellState.KnownFail => known!.Reason,
            CellState.UnexpectedPass => $"Passes, though a failure is known: {known!.Reason}",
            CellState.Fail => Describe(outcome.Mismatches),
            _ => null,
        };
        return Begin(cell, state, reason, duration) with
        {
            Expected = outcome.Expected,
            Actual = outcome.Actual,
            Mismatches = outcome.Mismatches,
            Steps = outcome.Steps,
            SentBytes = outcome.Steps.Sum(s => s.SentBytes),
            ReceivedBytes = outcome.Steps.Sum(s => s.ReceivedBytes),
            Requests = outcome.Steps.Sum(s => s.Requests),
            ChangedBytes = outcome.Steps.Sum(s => s.ChangedBytes),
        };
    }

    /// <summary>A cell in which something broke.</summary>
    public CellResult Broke(PlannedCell cell, Exception error, TimeSpan duration) =>
        Begin(cell, CellState.Error, OneLine(Describe(error)), duration);

    /// <summary>A cell that did not end in its time.</summary>
    public CellResult TimedOut(PlannedCell cell, TimeSpan limit, TimeSpan duration) =>
        Begin(cell, CellState.Timeout, $"Did not end within {limit.TotalSeconds:0.#} s, the time that {Path.GetFileName(cell.Scenario.File)} gives it (timeout-seconds); the other cells ran on.", duration);

    /// <summary>A cell that the run did not reach.</summary>
    public CellResult NotRun(PlannedCell cell, string reason) =>
        Begin(cell, CellState.NotRun, reason, TimeSpan.Zero);

    /// <summary>A cell as the plan of a run names it.</summary>
    public PlannedResult Plan(PlannedCell cell) => new(
        cell.Id,
        cell.Label,
        cell.Scenario.Id,
        cell.Cell.Document.Title,
        cell.Cell.Document.Requirement.Clause,
        cell.Cell.Document.Profile,
        cell.Vault,
        SeedOf(cell),
        ReproOf(cell));

    private string ReproOf(PlannedCell cell) =>
        $"./run-scenarios.sh '{cell.Cell.Id}' --vault {Quote(cell.Vault)} --seed {SeedOf(cell)}"
        + (options.Source == SourceKind.Simulated ? "" : $" --source {YamlNames.Of(options.Source.ToString())}");

    private CellResult Begin(PlannedCell cell, CellState state, string? reason, TimeSpan duration) => new()
    {
        Id = cell.Id,
        Cell = cell.Label,
        Scenario = cell.Scenario.Id,
        Title = cell.Cell.Document.Title,
        State = state,
        Reason = reason,
        Expected = ExpectationText.Of(cell.Cell),
        Actual = reason ?? "",
        Clause = cell.Cell.Document.Requirement.Clause,
        Also = cell.Cell.Document.Requirement.Also,
        Tags = cell.Cell.Document.Tags,
        Seed = SeedOf(cell),
        Vault = cell.Vault,
        Profile = cell.Cell.Document.Profile,
        Commit = commit,
        Source = YamlNames.Of(options.Source.ToString()),
        Shard = shard,
        DurationMs = Math.Round(duration.TotalMilliseconds, 1),
        Repro = ReproOf(cell),
    };

    private static KnownFailure? FindKnown(PlannedCell cell) => cell.Cell.Document.Known.FirstOrDefault(known =>
        (known.Vault is null || known.Vault == cell.Vault) && ScenarioCell.Matches(known.When, cell.Cell.Values));

    private static string Describe(IReadOnlyList<Mismatch> mismatches)
    {
        var first = mismatches[0];
        var more = mismatches.Count > 1 ? $" (and {mismatches.Count - 1} more)" : "";
        return OneLine($"Step {first.Step}, {first.What}: expected {first.Expected}, but {first.Actual}{more}.");
    }

    private static string Describe(Exception error) => error is BackupException backup
        ? $"{backup.Code}: {backup.Message}"
        : $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Quote(string vault) =>
        vault.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or '.' or ':') ? vault : $"'{vault}'";
}
