using Harness.Scenarios.Model;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>What the page shows beside the results.</summary>
public sealed record PageContext
{
    private static readonly Lazy<PageContext> BuiltIn = new(() => Directory.Exists(ScenarioCatalog.DefaultDirectory)
        ? Of(ScenarioCatalog.Lint(ScenarioCatalog.DefaultDirectory), [])
        : new PageContext());

    /// <summary>The catalogue that is built in, and no earlier runs.</summary>
    public static PageContext Default => BuiltIn.Value;

    /// <summary>The runs of the history, oldest first; the one that is shown may be the last of them.</summary>
    public IReadOnlyList<RunRecord> History { get; init; } = [];

    /// <summary>
    /// Ids of the scenarios that are evidence for a clause, by <c>profile/clause</c>: a clause without any is NO TEST, one whose
    /// scenarios have no result is NOT RUN.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Coverage { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The context of a catalogue.</summary>
    public static PageContext Of(ScenarioCatalog catalog, IReadOnlyList<RunRecord> history)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PageContext { History = history, Coverage = CoverageOf(catalog.Scenarios) };
    }

    private static Dictionary<string, IReadOnlyList<string>> CoverageOf(IReadOnlyList<Scenario> scenarios) => scenarios
        .SelectMany(scenario => scenario.Cells)
        .Where(cell => !cell.Document.Canary)
        .SelectMany(
            cell => cell.Document.Requirement.Also.Prepend(cell.Document.Requirement.Clause),
            (cell, clause) => (Key: $"{cell.Document.Profile}/{clause}", cell.Document.Id))
        .GroupBy(pair => pair.Key, pair => pair.Id, StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key, IReadOnlyList<string> (group) => [.. group.Distinct(StringComparer.Ordinal)], StringComparer.Ordinal);
}
