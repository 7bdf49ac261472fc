using System.Runtime.CompilerServices;
using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// A prune takes a session for dead by its age and does not wait for it: a backup that is slow, and not dead, loses what it relies on.
/// Half a minute stands for the day or two of real tools, as a backup here takes minutes at most.
/// </summary>
internal sealed class PruneByClock : PlantedBug
{
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    public override string Name => "prune-by-clock";

    public override string Mistake => "a prune removes by age what a running backup may still use";

    public override int Claim => 6;

    public override IReadOnlyList<string> Findings => ["references: commits/", "unreadable:", "check:", "recovery point "];

    public override int MostSeeds => 40;

    public override EnginePorts Plant() => new Ports();

    /// <summary>Content that was forgotten comes back in a slow backup, beside which the vault is pruned twice.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        var first = 1 + choices.Below(50);
        return Case(
            seed,
            SwarmTracking.None,
            [$"vault.create packs/* {1 + choices.Below(3)}+ slow"],
            [
                "edit A create a 150000 1", "run backup A", "edit A delete a", "run backup A", "run forget A 1", "wait 400",
                "edit A create b 150000 1", $"edit A create c {65_536 + choices.Below(100_000)} 2",
                $"run backup A | prune A at {first} | prune A at {first + 20 + choices.Below(40)}",
            ]);
    }

    /// <summary>When each session began is read off the vault as it is written.</summary>
    private sealed class Ports : EnginePorts
    {
        private readonly Dictionary<string, DateTimeOffset> _firstSeen = new(StringComparer.Ordinal);

        public override IVault PruneVault(IVault vault, TimeProvider clock) => new Impatient(vault, clock, _firstSeen);
    }

    private sealed class Impatient(IVault inner, TimeProvider clock, Dictionary<string, DateTimeOffset> firstSeen) : DelegatingVault(inner)
    {
        public override async IAsyncEnumerable<VaultBlob> ListAsync(
            string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in base.ListAsync(prefix, cancellationToken))
            {
                firstSeen.TryAdd(item.Name, clock.GetUtcNow());
                if (!item.Name.StartsWith("sessions/", StringComparison.Ordinal) || clock.GetUtcNow() - firstSeen[item.Name] < DeadAfter)
                {
                    yield return item;
                }
            }
        }
    }
}
