using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>What the plots, the list of files and the strips of earlier runs are made of.</summary>
internal static class PageFigures
{
    /// <summary>So many different files are listed; results.jsonl has the others.</summary>
    private const int MaxFiles = 3000;

    /// <summary>The data; rows are places in the index.</summary>
    public static object Of(IReadOnlyList<CellResult> results, IReadOnlyList<RunRecord> history) => new
    {
        Backups = results.SelectMany((result, row) => result.Steps.Where(s => s.Kind is "full" or "incremental").Select(s => new object[]
        {
            row, s.Kind[..1], s.ChangedBytes, s.TouchedBytes, s.SentBytes, s.ProtectedBytes, s.ScratchPeakBytes,
        })),
        Files = FilesOf(results),
        Runs = history.Select(run => new { At = run.At.ToString("yyyy-MM-dd HH:mm"), run.Commit, run.Totals, run.BytesPerSecond, run.SentBytes }),
        Strips = results.Select(result => StripOf(RunHistory.KeyOf(result), history)),
    };

    /// <summary>What is the same on several vaults and in several cells of a scenario is one row, with the first cell as its place.</summary>
    private static IEnumerable<object[]> FilesOf(IReadOnlyList<CellResult> results) => results
        .SelectMany(result => result.Steps.SelectMany(s => s.Files), (result, file) => (result.Scenario, result.Profile, File: file, result.Id))
        .GroupBy(item => (item.Scenario, item.Profile, item.File))
        .OrderBy(group => group.Key.File.Expected == group.Key.File.Actual)
        .Take(MaxFiles)
        .Select(group => new object[]
        {
            group.Key.File.Path,
            group.Key.File.Traits,
            group.Key.File.Expected,
            group.Key.File.Actual,
            group.Key.File.Clause ?? "",
            group.Key.Profile,
            group.First().Id,
            group.Count(),
        });

    private static string StripOf(string key, IReadOnlyList<RunRecord> history) =>
        string.Concat(history.Select(run => run.Cells.TryGetValue(key, out var state) ? state : StateLetters.None));
}
