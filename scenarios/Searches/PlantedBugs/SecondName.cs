using System.Globalization;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Content;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// The creation of a commit that got no answer is tried again under the next number and not under its own, which would have told whether
/// the first try had its effect.
/// </summary>
internal sealed class SecondName : PlantedBug
{
    private static readonly string[] Kinds = ["lost-ack", "slow", "duplicate"];

    public override string Name => "second-name";

    public override string Mistake => "a creation that got no answer is tried again under another name";

    public override int Claim => 3;

    public override IReadOnlyList<string> Findings => ["twice:"];

    public override int MostSeeds => 60;

    public override EnginePorts Plant() => new Ports();

    /// <summary>One of three commits goes wrong in one way.</summary>
    public override SwarmCase Draw(ulong seed)
    {
        var choices = new SeededSequence(Mix.Of(seed, Name));
        return Case(
            seed,
            SwarmTracking.None,
            [$"vault.create commits/* {1 + choices.Below(3)} {choices.Pick(Kinds)}"],
            ["edit A create a 9000 1", "run backup A", "edit A write a 0 100 2", "run backup A", "edit A append a 100 3", "run backup A"]);
    }

    private sealed class Ports : EnginePorts
    {
        public override IVault BackupVault(IVault vault) => new Renaming(vault);
    }

    private sealed class Renaming(IVault inner) : DelegatingVault(inner)
    {
        public override async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            try
            {
                return await base.CreateAsync(name, content, cancellationToken);
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultUnreachable && name.StartsWith("commits/", StringComparison.Ordinal))
            {
                return await base.CreateAsync(Next(name), content, cancellationToken);
            }
        }

        private static string Next(string name)
        {
            var number = name.LastIndexOf('/') + 1;
            return string.Create(CultureInfo.InvariantCulture, $"{name[..number]}{long.Parse(name[number..], CultureInfo.InvariantCulture) + 1:D10}");
        }
    }
}
