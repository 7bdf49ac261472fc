using System.Text;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Reports;

/// <summary>The catalogue as a Markdown page: what is proven, by which scenario, under which clause.</summary>
public static class CataloguePage
{
    /// <summary>Renders the page; the same catalogue gives the same text.</summary>
    public static string Render(ScenarioCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var text = new StringBuilder();
        var ordinary = catalog.Scenarios.Where(scenario => !scenario.Document.Canary).ToList();
        text.Append("# The scenarios\n\n");
        text.Append("Made by `harness docs > scenarios/catalog/CATALOGUE.md`; a test fails when it is out of date.\n\n");
        text.Append($"{ordinary.Count} scenarios, {ordinary.Sum(s => s.Cells.Count)} cells a vault.\n");
        foreach (var area in ordinary.GroupBy(scenario => scenario.Area).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            AppendScenarios(text, area.Key, [.. area]);
        }

        AppendUntested(text, ordinary);
        if (catalog.Scenarios.Where(scenario => scenario.Document.Canary).ToList() is { Count: > 0 } canaries)
        {
            text.Append("\n## Canaries\n\nThey must fail, and so prove that the oracles see. They run only when they are named.\n\n");
            foreach (var canary in canaries)
            {
                text.Append($"- `{canary.Id}`: {Cell(canary.Document.Title)}\n");
            }
        }

        return text.ToString();
    }

    private static void AppendScenarios(StringBuilder text, string area, IReadOnlyList<Scenario> scenarios)
    {
        text.Append($"\n## {area}\n\n| scenario | what holds | clause | profile | cells | tags |\n|---|---|---|---|---:|---|\n");
        foreach (var scenario in scenarios)
        {
            var profiles = scenario.Cells.Select(cell => cell.Document.Profile).Distinct(StringComparer.Ordinal);
            var clauses = scenario.Cells.SelectMany(ClausesOf).Distinct(StringComparer.Ordinal).Select(clause => $"`{clause}`");
            var known = scenario.Document.Known.Count > 0 ? $" (known failures: {scenario.Document.Known.Count})" : "";
            text.Append($"| `{scenario.Id}` | {Cell(scenario.Document.Title)}{known} | {string.Join(", ", clauses)} ");
            text.Append($"| {string.Join(", ", profiles)} | {scenario.Cells.Count} | {Cell(string.Join(", ", scenario.Document.Tags))} |\n");
        }
    }

    private static void AppendUntested(StringBuilder text, IReadOnlyList<Scenario> scenarios)
    {
        var proven = scenarios.SelectMany(scenario => scenario.Cells)
            .SelectMany(cell => ClausesOf(cell).Select(clause => (cell.Document.Profile, clause)))
            .ToHashSet();
        text.Append("\n## Clauses\n\n| profile | clauses | with a scenario of the profile | NO TEST |\n|---|---:|---:|---|\n");
        foreach (var profile in ProfileCatalog.Ids.Select(ProfileCatalog.Load))
        {
            var missing = profile.Clauses.Select(clause => clause.Id).Where(id => !proven.Contains((profile.Id, id))).ToList();
            var names = missing.Count == 0 ? "none" : string.Join(", ", missing.Select(id => $"`{id}`"));
            text.Append($"| {profile.Id} | {profile.Clauses.Count} | {profile.Clauses.Count - missing.Count} | {names} |\n");
        }
    }

    private static IEnumerable<string> ClausesOf(ScenarioCell cell) =>
        [cell.Document.Requirement.Clause, .. cell.Document.Requirement.Also];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
