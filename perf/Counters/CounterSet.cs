namespace Harness.Perf.Counters;

/// <summary>What one step of the workload cost. Everything but allocations is exact for a given code and runtime.</summary>
internal sealed record CounterSet
{
    public required string Step { get; init; }

    public required long ChangedBytes { get; init; }

    public required long SentBytes { get; init; }

    public required long StoredBytes { get; init; }

    public required long Requests { get; init; }

    public required long ReadBytes { get; init; }

    public required long ScratchPeakBytes { get; init; }

    /// <summary>Managed bytes allocated by the run, on its one thread.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The counters by the names of the JSON document, in the order of the tables.</summary>
    public IEnumerable<(string Name, long Value)> Values() =>
    [
        ("changedBytes", ChangedBytes),
        ("sentBytes", SentBytes),
        ("storedBytes", StoredBytes),
        ("requests", Requests),
        ("readBytes", ReadBytes),
        ("scratchPeakBytes", ScratchPeakBytes),
        (CounterComparison.Allocations, AllocatedBytes),
    ];
}
