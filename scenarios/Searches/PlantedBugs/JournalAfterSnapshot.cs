using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Snapshots;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>The position in the change journal is read when the run commits: what changed since the snapshot is never told.</summary>
internal sealed class JournalAfterSnapshot : PlantedBug
{
    public override string Name => "journal-after-snapshot";

    public override string Mistake => "the position in the change journal is read after the snapshot was taken";

    public override int Claim => 1;

    public override IReadOnlyList<string> Findings => ["recovery point "];

    public override int MostSeeds => 30;

    public override EnginePorts Plant() => new Ports();

    /// <summary>A program writes while a backup is under way.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        List<string> steps = ["edit A create a 9000 1", "edit A create b 9000 2", "run backup A"];
        for (var run = 0; run < 3; run++)
        {
            steps.Add($"edit A append b 100 {run}");
            steps.Add($"run backup A | edit A {1 + choices.Below(60)} write a {choices.Below(8000)} 100 {10 + run}");
        }

        return Case(seed, (SwarmTracking)(1 + choices.Below(3)), [], [.. steps, "run backup A"]);
    }

    private sealed class Ports : EnginePorts
    {
        public override IDataSource Source(IDataSource source, SearchMachine machine) =>
            new DelegatingSource(source, snapshot => new Snapshot(snapshot, machine));
    }

    private sealed class Snapshot(ISnapshot inner, SearchMachine machine) : DelegatingSnapshot(inner)
    {
        private readonly Tracker? _changes = inner.Changes is { } changes ? new Tracker(changes, machine) : null;

        public override IChangeTracker? Changes => _changes;
    }

    private sealed class Tracker(IChangeTracker inner, SearchMachine machine) : DelegatingTracker(inner)
    {
        /// <summary>As another snapshot would have it that is taken now.</summary>
        public override string Cursor => new SimDataSource(machine.Volume) { ChangeTracking = machine.ChangeTracking }
            .CreateSnapshotAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult().Changes!.Cursor;
    }
}
