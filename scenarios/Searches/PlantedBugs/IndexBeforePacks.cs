using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Scratch;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// Packs are acknowledged before they are stored and follow the index blob that names them: a crash in between leaves an index that
/// makes the next run take for present what is not.
/// </summary>
internal sealed class IndexBeforePacks : PlantedBug
{
    public override string Name => "index-before-packs";

    public override string Mistake => "the index is in the vault before the packs that it names";

    public override int Claim => 1;

    public override IReadOnlyList<string> Findings => ["references: commits/", "unreadable:", "check:", "recovery point "];

    public override int MostSeeds => 300;

    public override EnginePorts Plant() => new Ports();

    /// <summary>The first of two backups is killed somewhere.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        return Case(
            seed,
            SwarmTracking.None,
            [],
            [
                $"edit A create a {9000 + choices.Below(100_000)} 1",
                $"run backup A killed {1 + choices.Below(80)} {choices.Pick(Enum.GetValues<CrashLoss>()).ToString().ToLowerInvariant()}",
                "run backup A",
            ]);
    }

    private sealed class Ports : EnginePorts
    {
        public override IVault BackupVault(IVault vault) => new PacksLast(vault);
    }

    private sealed class PacksLast(IVault inner) : DelegatingVault(inner)
    {
        private readonly List<(string Name, byte[] Content)> _held = [];

        public override async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            if (name.StartsWith("packs/", StringComparison.Ordinal))
            {
                _held.Add((name, content.ToArray()));
                return true;
            }

            var created = await base.CreateAsync(name, content, cancellationToken);
            if (name.StartsWith("index/", StringComparison.Ordinal))
            {
                foreach (var (pack, bytes) in _held)
                {
                    await base.CreateAsync(pack, bytes, cancellationToken);
                }

                _held.Clear();
            }

            return created;
        }
    }
}
