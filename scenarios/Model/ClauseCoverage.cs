namespace Harness.Scenarios.Model;

/// <summary>Which scenarios are evidence for a clause under a profile. Canaries prove the oracles and nothing else. Immutable.</summary>
public sealed class ClauseCoverage
{
    /// <summary>What stands where a clause has no scenario.</summary>
    public const string NoTest = "NO TEST";

    private readonly ILookup<(string Profile, string Clause), string> _scenarios;

    private ClauseCoverage(ILookup<(string Profile, string Clause), string> scenarios) => _scenarios = scenarios;

    /// <summary>The coverage by some scenarios; a scenario counts under each profile that one of its cells has.</summary>
    public static ClauseCoverage Of(IEnumerable<Scenario> scenarios)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        return new ClauseCoverage(scenarios
            .SelectMany(scenario => scenario.Cells.Where(cell => !cell.Document.Canary).Select(cell => cell.Document))
            .SelectMany(
                document => document.Requirement.Also.Append(document.Requirement.Clause),
                (document, clause) => (document.Profile, Clause: clause, document.Id))
            .Distinct()
            .OrderBy(row => row.Id, StringComparer.Ordinal)
            .ToLookup(row => (row.Profile, row.Clause), row => row.Id));
    }

    /// <summary>Ids of the scenarios in ordinal order; none is <see cref="NoTest"/>.</summary>
    public IReadOnlyList<string> Of(string profile, string clause) => [.. _scenarios[(profile, clause)]];
}
