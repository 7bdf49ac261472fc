using Harness.Engine.Backup;

namespace Harness.Scenarios.Running;

/// <summary>Holds a backup report against the hand-written outcomes: the lists must be exact, for every entry.</summary>
internal static class ReportJudge
{
    /// <summary>Judges outcomes, lists and totals.</summary>
    public static void Compare(BackupReport report, IReadOnlyList<ExpectedOutcome> expected, Judge judge)
    {
        var skipped = Index(report.Skipped, item => item.Path, "skipped", judge);
        var failed = Index(report.Failed, item => item.Path, "failed", judge);
        var fullOnly = Index(report.FullOnly, path => path, "fullOnly", judge);
        foreach (var outcome in expected)
        {
            skipped.Remove(outcome.Path, out var skip);
            failed.Remove(outcome.Path, out var fail);
            var actual = skip is not null ? $"skipped: {skip.Reason}"
                : fail is not null ? $"failed: {fail.Reason}"
                : fullOnly.Remove(outcome.Path, out _) || IsListedWithItsFile(outcome, report) ? "protected: full-only"
                : "protected: incremental";
            if (outcome.Row.Failed is not null)
            {
                fullOnly.Remove(outcome.Path);
            }

            var wanted = ExpectationText.OutcomeOf(outcome.Row);
            var decided = skip?.Clause ?? fail?.Clause;
            judge.File(new FileVerdict(
                outcome.Path, FileTraits.Of(outcome.Entry, outcome.Stream), wanted, actual, decided ?? outcome.Row.Clause));
            judge.Equal(outcome.Path, wanted, actual, outcome.Row.Clause);
            if (outcome.Row.Clause is { } clause && decided is { } named)
            {
                judge.Equal($"{outcome.Path} clause", clause, named, clause);
            }
        }

        Unexpected(skipped.Values.Select(item => (item.Path, $"skipped: {item.Reason}")), judge);
        Unexpected(failed.Values.Select(item => (item.Path, $"failed: {item.Reason}")), judge);
        Unexpected(fullOnly.Values.Select(path => (path, "protected: full-only")), judge);
        CompareTotals(report, expected, judge);
    }

    /// <summary>A file that is sent whole is listed once, for all of its streams.</summary>
    private static bool IsListedWithItsFile(ExpectedOutcome outcome, BackupReport report) =>
        !outcome.IsEntry && report.FullOnly.Contains(outcome.Entry.Path, StringComparer.Ordinal);

    private static void CompareTotals(BackupReport report, IReadOnlyList<ExpectedOutcome> expected, Judge judge)
    {
        judge.Equal("files in the report", expected.LongCount(o => o.IsEntry && o.IsStored && !o.Entry.IsDirectory), report.Protected.Files);
        judge.Equal(
            "logical bytes in the report",
            expected.Where(o => o.IsStored).Sum(o => o.Stream?.SizeBytes ?? 0),
            report.Protected.LogicalBytes);
    }

    private static Dictionary<string, T> Index<T>(IReadOnlyList<T> items, Func<T, string> path, string list, Judge judge)
    {
        var index = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            judge.Require(index.TryAdd(path(item), item), path(item), $"once in {list}", "there more than once");
        }

        return index;
    }

    private static void Unexpected(IEnumerable<(string Path, string Outcome)> items, Judge judge)
    {
        foreach (var (path, outcome) in items)
        {
            judge.Require(holds: false, path, "nothing of it in the report", outcome);
        }
    }
}
