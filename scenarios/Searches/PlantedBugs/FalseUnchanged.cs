using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Snapshots;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>Of the ranges of a stream that changed only the first is told, so the others count as unchanged and are not read.</summary>
internal sealed class FalseUnchanged : PlantedBug
{
    public override string Name => "false-unchanged";

    public override string Mistake => "of a file that changed in several places one is read and the others count as unchanged";

    public override int Claim => 1;

    public override IReadOnlyList<string> Findings => ["recovery point ", "wrong content"];

    public override int MostSeeds => 30;

    public override EnginePorts Plant() => new Ports();

    /// <summary>A few writes anywhere in a file, whose source tells where.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        List<string> steps = ["edit A create a 150000 1", "run backup A"];
        for (var write = 1 + choices.Below(3); write > 0; write--)
        {
            steps.Add($"edit A write a {choices.Below(140_000)} {1 + choices.Below(9000)} {10 + write}");
        }

        return Case(seed, choices.Permille(500) ? SwarmTracking.Snapshots : SwarmTracking.Ranges, [], [.. steps, "run backup A"]);
    }

    private sealed class Ports : EnginePorts
    {
        public override IDataSource Source(IDataSource source, SearchMachine machine) =>
            new DelegatingSource(source, static snapshot => new Snapshot(snapshot));
    }

    private sealed class Snapshot(ISnapshot inner) : DelegatingSnapshot(inner)
    {
        private readonly Tracker? _changes = inner.Changes is { } changes ? new Tracker(changes) : null;

        public override IChangeTracker? Changes => _changes;
    }

    private sealed class Tracker(IChangeTracker inner) : DelegatingTracker(inner)
    {
        public override async ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken)
        {
            var answer = await base.GetChangesAsync(since, cancellationToken);
            return answer with
            {
                Changes = answer.Changes?.Select(change => change with { Streams = change.Streams?.Select(FirstOnly).ToList() }).ToList(),
            };
        }

        private static StreamChange FirstOnly(StreamChange change) => change with { DirtyRanges = [.. change.DirtyRanges.Take(1)] };
    }
}
