namespace Harness.Perf.Counters;

/// <summary>
/// Finds where counters left the baseline, for better or worse: an improvement has to be accepted too, or the next loss
/// would hide behind it. Bytes and requests must be equal; allocations may move by 5 %, since another patch of the runtime
/// may put an object on the stack that was on the heap before.
/// </summary>
internal static class CounterComparison
{
    public const string Allocations = "allocatedBytes";

    private const double AllocationTolerance = 0.05;

    public static IReadOnlyList<CounterDifference> Between(
        IReadOnlyList<CounterSet> baseline, IReadOnlyList<CounterSet> measured)
    {
        var old = baseline.ToDictionary(set => set.Step, StringComparer.Ordinal);
        var differences = new List<CounterDifference>();
        foreach (var set in measured)
        {
            var before = old.Remove(set.Step, out var found) ? found.Values().Select(v => (long?)v.Value).ToArray() : null;
            foreach (var ((name, value), i) in set.Values().Select((value, i) => (value, i)))
            {
                if (before?[i] is not { } was || IsOutside(name, was, value))
                {
                    differences.Add(new CounterDifference(set.Step, name, before?[i], value));
                }
            }
        }

        differences.AddRange(old.Values.SelectMany(
            gone => gone.Values().Select(value => new CounterDifference(gone.Step, value.Name, value.Value, null))));
        return differences;
    }

    private static bool IsOutside(string name, long was, long now) =>
        name == Allocations ? Math.Abs(now - was) > was * AllocationTolerance : now != was;
}

/// <summary>One counter that differs; null where the step is new or gone.</summary>
internal sealed record CounterDifference(string Step, string Counter, long? Old, long? New);
