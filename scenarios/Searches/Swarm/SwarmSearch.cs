namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// Runs the cases of many seeds, on as many threads as it is given, and tells of each. It keeps sums only, however many there are. Results come in the order of the seeds
/// whatever the threads do.
/// </summary>
internal sealed class SwarmSearch
{
    /// <summary>Cases that a worker has at hand before results are told: cases differ in length, and none should wait for another.</summary>
    private const int CasesPerWorker = 16;

    /// <summary>What the cases have met.</summary>
    public SearchCoverage Coverage { get; } = new();

    /// <summary>Cases that were run.</summary>
    public long Cases { get; private set; }

    /// <summary>Runs cases from a seed on until there were enough of them or the time is over.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many; null for as many as the time allows.</param>
    /// <param name="isOver">Whether to begin no more cases.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="onCase">Told of each case, in the order of seeds.</param>
    public void Run(ulong from, long? seeds, Func<bool> isOver, int workers, Action<SwarmCase, SwarmOutcome> onCase)
    {
        var most = workers * CasesPerWorker;
        for (ulong done = 0; (seeds is null || (long)done < seeds) && !isOver(); done += (ulong)most)
        {
            var count = (int)Math.Min(most, (seeds ?? long.MaxValue) - (long)done);
            var batch = new (SwarmCase Case, SwarmOutcome Outcome)[count];
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = workers }, i =>
            {
                var swarmCase = SwarmDraw.Of(unchecked(from + done + (ulong)i));
                batch[i] = (swarmCase, SwarmRun.Of(swarmCase));
            });
            foreach (var (swarmCase, outcome) in batch)
            {
                Cases++;
                Coverage.Add(outcome.Events, outcome.Fired);
                onCase(swarmCase, outcome);
            }
        }
    }
}
