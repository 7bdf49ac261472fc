using System.Text.RegularExpressions;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Searches;
using Harness.Scenarios.Searches.Oracles;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Simulator.Faults;
using Harness.Simulator.Vaults;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>The oracles of recovery points and of progress say no too, and FAULT_MODEL.md says for each claim what shows that.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class OracleClaimsTests
{
    [Test]
    public void Points_WhoseCommitIsGone_AreLost()
    {
        var world = BackedUp();
        Assert.That(SearchOracle.Check(world), Is.Empty);

        world.Vault.Store.Remove(world.Vault.Store.Names("commits/")[0]);

        Assert.That(SearchOracle.Check(world), Has.Some.StartsWith("lost: "));
    }

    [Test]
    public void Points_ThatNobodyMade_AreMadeUp()
    {
        var world = BackedUp();
        var name = world.Vault.Store.Names("commits/")[0];

        _ = world.Simulation.Run(() => new MemoryVault(world.Vault.Store).CreateAsync(name[..^1] + "9", new byte[10], CancellationToken.None).AsTask());

        Assert.That(SearchOracle.Check(world), Has.Some.StartsWith("made up: "));
    }

    [Test]
    public void Progress_OfAMachineWhoseVaultNeverAnswers_IsMissed()
    {
        var world = BackedUp(new Ports(static vault => new Unreachable(vault)));

        var problem = world.Simulation.Run(() => ProgressOracle.ProblemAsync(world, world.Machines[0]));

        Assert.That(problem, Does.StartWith("no progress: the backup of A after the faults fails: VaultUnreachable"));
    }

    [Test]
    public void Progress_ThatTakesTooLong_IsMissed()
    {
        SearchWorld? world = null;
        world = BackedUp(new Ports(vault => new Late(vault, () => world!.Simulation.Clock)));

        var problem = world.Simulation.Run(() => ProgressOracle.ProblemAsync(world, world.Machines[0]));

        Assert.That(problem, Does.StartWith("no progress: the backup of A after the faults took 0"));
    }

    [Test]
    public void Claims_EachOne_HasWhatShowsThatItsOracleSaysNo()
    {
        var model = SourceTree.Read("simulator/FAULT_MODEL.md");
        var claims = model[model.IndexOf("## 5.", StringComparison.Ordinal)..model.IndexOf("## 6.", StringComparison.Ordinal)];
        var shown = model[model.IndexOf("## 7.", StringComparison.Ordinal)..];
        var tests = string.Concat(SourceTree.Files(".cs").Where(path => path.StartsWith("tests/", StringComparison.Ordinal)).Select(SourceTree.Read));

        var named = Name().Matches(shown).Select(match => match.Groups["name"].Value).Distinct().ToList();

        Assert.That(Row().Matches(shown).Select(match => match.Value), Is.EqualTo(Row().Matches(claims).Select(match => match.Value)));
        Assert.That(named.Where(name => !tests.Contains($" {name}(", StringComparison.Ordinal) && PlantedBugCatalog.All.All(bug => bug.Name != name)), Is.Empty);
    }

    private static SearchWorld BackedUp(EnginePorts? then = null)
    {
        var ports = new Later();
        var world = new SearchWorld(5) { Ports = ports };
        SearchHistory.All[0].Edit(world.Machines[0].Volume, 0);
        _ = world.Simulation.Run(() => world.BackupAsync(world.Start(NoFaults.Instance, machine: world.Machines[0]), world.Machines[0]));
        ports.Now = then ?? EnginePorts.AsTheyAre;
        return world;
    }

    [GeneratedRegex(@"^\| \d+ \|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[A-Za-z]+[_-][A-Za-z_-]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    private sealed class Later : EnginePorts
    {
        public EnginePorts Now { get; set; } = AsTheyAre;

        public override IVault BackupVault(IVault vault) => Now.BackupVault(vault);
    }

    private sealed class Ports(Func<IVault, IVault> between) : EnginePorts
    {
        public override IVault BackupVault(IVault vault) => between(vault);
    }

    private sealed class Unreachable(IVault inner) : DelegatingVault(inner)
    {
        public override ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken) =>
            throw new BackupException(ErrorCode.VaultUnreachable, "no answer");
    }

    private sealed class Late(IVault inner, Func<TimeProvider> clock) : DelegatingVault(inner)
    {
        public override async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMinutes(61), clock(), cancellationToken);
            return await base.CreateAsync(name, content, cancellationToken);
        }
    }
}
