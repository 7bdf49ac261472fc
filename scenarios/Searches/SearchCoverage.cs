using System.Globalization;
using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What searches have met: faults by operation and kind, and events of the engine by the codes of its own reports. What was never met is
/// listed too, since a search that never gets somewhere says nothing about it. One thread.
/// </summary>
internal sealed class SearchCoverage
{
    /// <summary>Events that the engine can report and that a search of enough seeds should meet, in ordinal order.</summary>
    public static IReadOnlyList<string> KnownEvents { get; } =
    [
        "backup CommitConflict", "backup ScratchFull", "backup ScratchNotWritable", "backup SnapshotFailed", "backup SourceVanished",
        "backup VaultAccessDenied", "backup VaultFull", "backup VaultUnreachable", "backup done", "backup failed files", "backup killed", "check done",
        "fallback fingerprints-rebuilt", "fallback issue-not-located", "fallback journal-recreated",
        "fallback journal-wrapped", "fallback no-change-journal", "fallback no-cursor", "fallback no-dirty-ranges", "fallback previous-run-failed",
        "fallback scratch-damaged", "fallback scratch-rebuilt", "fallback snapshot-gone", "forget done", "index merged", "packs removed", "packs repacked", "points gone",
        "prune CommitConflict", "prune done", "prune killed", "prune waits for a session", "restore done",
        "session taken over", "warning changed-while-read", "warning run-resumed", "warning scratch-not-saved",
    ];

    /// <summary>Kinds of faults that no search can meet, and why.</summary>
    public static IReadOnlyDictionary<string, string> CannotFire { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["fault source.rare io-error"] = "only the capture of a recipe asks for what files seldom have, the engine never does",
    };

    private readonly SortedDictionary<string, long> _met = new(StringComparer.Ordinal);

    /// <summary>How often each thing happened.</summary>
    public IReadOnlyDictionary<string, long> Met => _met;

    /// <summary>Kinds of faults that can fire and never did.</summary>
    public IReadOnlyList<string> NeverFired => [.. FaultCatalog.Kinds
        .SelectMany(operation => operation.Value.Select(kind => $"fault {operation.Key} {FaultCatalog.NameOf(kind)}"))
        .Where(name => !_met.ContainsKey(name) && !CannotFire.ContainsKey(name))
        .Order(StringComparer.Ordinal)];

    /// <summary>Events that the engine can report and never did.</summary>
    public IReadOnlyList<string> NeverMet => [.. KnownEvents.Where(name => !_met.ContainsKey(name))];

    /// <summary>Takes something that happened.</summary>
    public void Add(string what, long times = 1) => _met[what] = _met.GetValueOrDefault(what) + times;

    /// <summary>Takes what one run has met.</summary>
    public void Add(IEnumerable<KeyValuePair<string, long>> events, IEnumerable<FaultRule> fired)
    {
        foreach (var (what, times) in events.Where(item => item.Value > 0))
        {
            Add(what, times);
        }

        foreach (var rule in fired)
        {
            Add($"fault {rule.Operation} {FaultCatalog.NameOf(rule.Kind)}");
        }
    }

    /// <summary>A table for people: what was met, then what never was.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (what, times) in _met)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{times,10:N0}  {what}");
        }

        yield return NeverFired.Count == 0 ? "Every kind of fault fired." : $"Never fired: {string.Join(", ", NeverFired)}.";
        foreach (var (what, why) in CannotFire)
        {
            yield return $"Cannot fire: {what}: {why}.";
        }

        yield return NeverMet.Count == 0 ? "Every event of the engine was met." : $"Never met: {string.Join(", ", NeverMet)}.";
    }
}
