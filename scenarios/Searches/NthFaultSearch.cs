using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches;

/// <summary>
/// Fails the n-th call of every kind in every way, once and from then on, for every n that a life without faults makes
/// (SQLite's I/O error tests, for every kind of operation).
/// </summary>
internal static class NthFaultSearch
{
    /// <summary>The faults that a life of this history is put through, one life each.</summary>
    public static IEnumerable<FaultRule> RulesOf(SearchHistory history, ulong seed)
    {
        var recorder = new FaultRecorder(NoFaults.Instance);
        _ = new SearchLife(history, seed) { Faults = recorder }.Run();
        foreach (var ((operation, folder), count) in recorder.Calls.OrderBy(call => call.Key.Operation, StringComparer.Ordinal)
            .ThenBy(call => call.Key.Folder, StringComparer.Ordinal))
        {
            foreach (var kind in FaultCatalog.Kinds.GetValueOrDefault(operation, []))
            {
                for (long attempt = 1; attempt <= count; attempt++)
                {
                    yield return new FaultRule(operation, folder, attempt, AndLater: false, kind);
                    yield return new FaultRule(operation, folder, attempt, AndLater: true, kind);
                }
            }
        }
    }

    /// <summary>What does not hold under one fault.</summary>
    public static IReadOnlyList<SearchFinding> Try(
        SearchHistory history, ulong seed, FaultRule rule, KnownGood known, SearchCoverage? coverage = null)
    {
        var plan = new FaultPlan([rule]);
        var problems = new SearchLife(history, seed) { Faults = plan, Known = known, Coverage = coverage }.Run();
        coverage?.Add([], plan.NeverFired.Count == 0 ? [rule] : []);
        return [.. problems.Select(problem => new SearchFinding($"{history} seed {seed} fault {rule}", problem))];
    }
}
