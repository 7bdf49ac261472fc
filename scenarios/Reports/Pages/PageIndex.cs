using Harness.Engine.Rules;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>
/// What the page needs to show the matrix at once: one short row for each cell, with numbers for what repeats. It stands in the
/// page as readable JSON.
/// </summary>
internal sealed class PageIndex
{
    private static readonly string[] Phases = ["full", "incremental", "restore"];

    private readonly List<string> _vaults;
    private readonly List<string> _profiles;
    private readonly List<string> _sources;
    private readonly Dictionary<string, int> _subjects = new(StringComparer.Ordinal);
    private readonly List<object> _subjectRows = [];

    public PageIndex(IReadOnlyList<CellResult> results)
    {
        _vaults = Distinct(results.Select(r => r.Vault));
        _sources = Distinct(results.Select(r => r.Source));
        _profiles = [.. ProfileCatalog.Ids.Concat(results.Select(r => r.Profile)).Distinct(StringComparer.Ordinal)];
        var rows = results.Select(RowOf).ToList();
        Data = new
        {
            Totals = RunTotals.Of(results).ToString(),
            Commits = Distinct(results.Select(r => r.Commit)),
            DefaultProfile = ProfileCatalog.DefaultId,
            Vaults = _vaults,
            Profiles = _profiles,
            Sources = _sources,
            Subjects = _subjectRows,
            Cells = rows,
        };
    }

    /// <summary>The data. A cell is [id, state, states of full, incremental and restore, their bytes, milliseconds, subject, vault, profile, source].</summary>
    public object Data { get; }

    private static List<string> Distinct(IEnumerable<string> words) => [.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private object[] RowOf(CellResult result) =>
    [
        result.Id,
        StateLetters.Of(result.State).ToString(),
        string.Concat(Phases.Select(phase => PhaseOf(result, phase))),
        BytesOf(result, "full"),
        BytesOf(result, "incremental"),
        BytesOf(result, "restore"),
        Math.Round(result.DurationMs),
        SubjectOf(result),
        _vaults.IndexOf(result.Vault),
        _profiles.IndexOf(result.Profile),
        _sources.IndexOf(result.Source),
    ];

    /// <summary>The state of the steps of one phase; a refusal is that of the full backup it stands in for.</summary>
    private static char PhaseOf(CellResult result, string phase)
    {
        if (result.Steps.Count == 0)
        {
            return StateLetters.Of(result.State);
        }

        var steps = result.Steps.Where(s => s.Kind == phase || (phase == "full" && s.Kind is "refused" or "preflight")).ToList();
        if (steps.Count == 0)
        {
            return StateLetters.None;
        }

        var isBad = steps.Exists(s => s.State != CellState.Pass);
        return StateLetters.Of(!isBad ? CellState.Pass : result.State == CellState.KnownFail ? CellState.KnownFail : CellState.Fail);
    }

    private static long BytesOf(CellResult result, string phase) => result.Steps.Where(s => s.Kind == phase)
        .Sum(s => phase == "restore" ? s.ReceivedBytes : s.SentBytes);

    /// <summary>Scenario, title, clauses and tags are the same for many cells.</summary>
    private int SubjectOf(CellResult result)
    {
        object subject = new { Id = result.Scenario, result.Title, Clauses = result.Also.Prepend(result.Clause), result.Tags };
        var key = PageJson.Text(subject);
        if (!_subjects.TryGetValue(key, out var index))
        {
            index = _subjects[key] = _subjectRows.Count;
            _subjectRows.Add(subject);
        }

        return index;
    }
}
