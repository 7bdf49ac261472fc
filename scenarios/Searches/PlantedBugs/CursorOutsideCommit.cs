using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Snapshots;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// The position in the change journal is kept on the machine as soon as a snapshot is taken, and not in the commit: after a run that
/// does not commit, the next one begins behind what that run has not protected.
/// </summary>
internal sealed class CursorOutsideCommit : PlantedBug
{
    private static readonly string[] Faults = ["vault.list *", "vault.read *", "vault.read-range *", "vault.length *", "vault.create *"];

    public override string Name => "cursor-outside-commit";

    public override string Mistake => "the position in the change journal is saved apart from the commit";

    public override int Claim => 1;

    public override IReadOnlyList<string> Findings => ["recovery point "];

    public override int MostSeeds => 60;

    public override EnginePorts Plant() => new Ports();

    /// <summary>The vault fails one call, and each edit must be in the next recovery point all the same.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        return Case(
            seed,
            (SwarmTracking)(1 + choices.Below(3)),
            [$"{choices.Pick(Faults)} {1 + choices.Below(30)} refused"],
            [
                "edit A create a 9000 1", "edit A create b 9000 2", "run backup A", "edit A write a 0 100 3", "run backup A",
                "edit A write b 0 100 4", "run backup A", "edit A append b 100 5", "run backup A",
            ]);
    }

    /// <summary>What is saved belongs to the machine and outlives its processes.</summary>
    private sealed class Ports : EnginePorts
    {
        private readonly Dictionary<string, string> _saved = new(StringComparer.Ordinal);

        public override IDataSource Source(IDataSource source, SearchMachine machine) => new DelegatingSource(source, snapshot =>
        {
            var before = _saved.GetValueOrDefault(machine.Name);
            if (snapshot.Changes is { } changes)
            {
                _saved[machine.Name] = changes.Cursor;
            }

            return new Snapshot(snapshot, before);
        });
    }

    private sealed class Snapshot(ISnapshot inner, string? saved) : DelegatingSnapshot(inner)
    {
        private readonly Tracker? _changes = inner.Changes is { } changes ? new Tracker(changes, saved) : null;

        public override IChangeTracker? Changes => _changes;
    }

    private sealed class Tracker(IChangeTracker inner, string? saved) : DelegatingTracker(inner)
    {
        public override ValueTask<ChangeAnswer> GetChangesAsync(string since, CancellationToken cancellationToken) =>
            base.GetChangesAsync(saved ?? since, cancellationToken);
    }
}
