using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>Chooses the cells of a run.</summary>
public static class CellPlanner
{
    /// <summary>
    /// The selected cells of the whole run, whatever part of it is run here, by id in ordinal order. NothingSelected when a named id or the whole selection is empty,
    /// ArgumentInvalid when an option cannot be read.
    /// </summary>
    public static IReadOnlyList<PlannedCell> Plan(ScenarioCatalog catalog, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        var vaults = options.Vaults.Distinct(StringComparer.Ordinal).ToList();
        IEnumerable<PlannedCell> cells = catalog.Scenarios
            .SelectMany(scenario => scenario.Cells.SelectMany(cell => vaults.Select(vault => new PlannedCell(scenario, cell, vault))));
        if (options.RerunFailed is { } file)
        {
            var failed = ResultsFile.Read(file).Where(r => CellStates.IsFailure(r.State)).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
            cells = SelectFailed(catalog, failed, file);
        }
        else
        {
            cells = options.Ids.Count > 0
                ? SelectIds([.. cells], options.Ids, catalog)
                : cells.Where(cell => !cell.Cell.Document.Canary);
        }

        if (options.Profile is { } profile)
        {
            RequireProfile(profile);
            cells = cells.Where(cell => cell.Cell.Document.Profile == profile);
        }

        if (options.Filter is { } expression)
        {
            var filter = CellFilter.Parse(expression);
            cells = cells.Where(filter.Matches);
        }

        IReadOnlyList<PlannedCell> sorted = [.. cells.OrderBy(cell => cell.Id, StringComparer.Ordinal)];
        if (sorted.Count == 0)
        {
            throw new BackupException(
                ErrorCode.NothingSelected,
                "No scenario is selected.",
                "Look at 'harness run --list', and at --filter, --profile and --rerun-failed.");
        }

        return sorted;
    }

    private static void RequireProfile(string profile)
    {
        if (!ProfileCatalog.Ids.Contains(profile, StringComparer.Ordinal))
        {
            throw new BackupException(
                ErrorCode.ProfileNotFound,
                $"There is no profile '{profile}'.{DidYouMean.Hint(profile, ProfileCatalog.Ids)}",
                DidYouMean.Allowed(ProfileCatalog.Ids));
        }
    }

    private static List<PlannedCell> SelectIds(
        IReadOnlyList<PlannedCell> cells, IReadOnlyList<string> ids, ScenarioCatalog catalog)
    {
        var selected = new List<PlannedCell>();
        foreach (var id in ids)
        {
            var matches = cells.Where(cell => IdMatches(id, cell)).ToList();
            if (matches.Count == 0)
            {
                throw new BackupException(
                    ErrorCode.NothingSelected,
                    $"There is no scenario '{id}'.{DidYouMean.Hint(id, catalog.Scenarios.SelectMany(CandidateIds))}",
                    "'harness run --list' shows the ids.");
            }

            selected.AddRange(matches);
        }

        return [.. selected.DistinctBy(cell => cell.Id, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> CandidateIds(Scenario scenario) =>
        [scenario.Id, .. scenario.Cells.Select(cell => cell.Id)];

    private static bool IdMatches(string id, PlannedCell cell) =>
        Glob.MatchesId(id, cell.Scenario.Id) || Glob.MatchesId(id, cell.Cell.Id) || Glob.MatchesId(id, cell.Id)
        || cell.Scenario.Id.StartsWith(id.TrimEnd('.') + ".", StringComparison.Ordinal);

    private static List<PlannedCell> SelectFailed(ScenarioCatalog catalog, HashSet<string> failed, string file)
    {
        var selected = new List<PlannedCell>();
        foreach (var id in failed)
        {
            var at = id.LastIndexOf('@');
            var (cellId, vault) = at < 0 ? (id, "") : (id[..at], id[(at + 1)..]);
            var found = catalog.Scenarios
                .SelectMany(scenario => scenario.Cells.Where(c => c.Id == cellId).Select(c => new PlannedCell(scenario, c, vault)))
                .FirstOrDefault();
            selected.Add(found ?? throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"{file} has the failed cell '{id}', which the catalogue does not have.",
                "Take results of the same catalogue, or run the scenario by its present id."));
        }

        return selected;
    }
}
