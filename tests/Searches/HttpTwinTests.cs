using Harness.Engine.Ports;
using Harness.Scenarios.Searches.Swarm;
using Harness.Scenarios.Searches.Wire;
using Harness.Simulator.Faults;
using Harness.Simulator.Processes;
using Harness.Simulator.Vaults;
using Harness.Tests.CommandLine;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>Cases of the swarm over HTTP on a real Azurite: every call ends as in the simulation, so a finding is a finding on both.</summary>
internal sealed class HttpTwinTests
{
    private const string Steps = "edit A create a 150000 1|edit A create d/b 9000 2|edit A create-text c 65536 3|"
        + "run backup A|run backup A|run backup A killed 31 torn|edit A write a 4096 5000 9|run backup A|edit A create e 70000 4|run backup A|run backup A|"
        + "run restore A 1|edit A append a 9000 5|run backup A|run forget A 1|wait 400|run prune A|run prune A|run check A|run backup A";

    private static readonly string[] Transient =
    [
        "vault.create packs/* 1 refused", "vault.create packs/* 3 lost-ack", "vault.create packs/* 5 partial", "vault.create commits/* 1 lost-ack",
        "vault.create index/* 1 duplicate", "vault.create sessions/* 3 hang", "vault.create manifests/* 1 slow", "vault.read * 4 refused",
        "vault.read * 9 partial", "vault.read * 15 corrupt-body", "vault.read-range * 1 corrupt-body", "vault.read-range * 3 partial",
        "vault.read-range * 5 hang", "vault.list * 9 partial", "vault.list * 14 refused", "vault.delete * 1 lost-ack", "vault.delete * 2 duplicate",
        "vault.delete * 3 refused",
    ];

    [Test]
    [Category("Azurite")]
    public async Task Case_WithTransientFaults_EndsOverHttpAsInTheSimulation() => await AssertSameAsync(Steps, Transient, mustFire: 12);

    [Test]
    [Category("Azurite")]
    public async Task Case_WithStickyFaults_EndsOverHttpAsInTheSimulation(
        [Values("vault.create packs/* 2 full", "vault.read * 12 denied")] string rule) =>
        await AssertSameAsync("edit A create a 150000 1|run backup A|edit A append a 70000 2|run backup A|run prune A|run backup A|run restore A 1", [rule], 1);

    [Test]
    public void Case_OnAServiceThatAnswersOtherwise_IsAProblem()
    {
        var outcome = SwarmRun.Of(CaseOf("edit A create a 9000 1|run backup A", []), planted: null, new LyingTwin());

        Assert.That(outcome.Problems, Has.Some.Contain("the model says").And.Some.EqualTo("service: packs/x is missing"));
    }

    [Test]
    [Category("Azurite")]
    public async Task Differences_OfAServiceThatHoldsOtherBlobs_NameEach()
    {
        var model = new MemoryVault();
        await using var twin = await OpenAsync();
        foreach (var (name, onModel, onService) in new[] { ("a", 1, 1), ("b", 1, 2), ("c", 1, 0), ("d", 0, 1) })
        {
            if (onModel > 0)
            {
                await model.CreateAsync(name, new byte[] { (byte)onModel }, CancellationToken.None);
            }

            if (onService > 0)
            {
                _ = twin.Call("vault.create", name, null, async vault => $"{await vault.CreateAsync(name, new[] { (byte)onService }, CancellationToken.None)}");
            }
        }

        Assert.That(
            twin.Differences(model.Store), Is.EquivalentTo(new[] { "service: b has other bytes", "service: c is missing", "service: d is too much" }));
    }

    [Test]
    public async Task Repro_OnAVaultThatIsNoBlobServer_IsRefused()
    {
        using var area = new WorkArea();
        await File.WriteAllTextAsync(area.In("case.yaml"), CaseFile.Write(CaseOf("edit A create a 9000 1", []), []));

        var run = await InProcess.RunAsync(["repro", area.In("case.yaml"), "--vault", "memory"]);

        Assert.That(run.Expect(5).Error, Does.Contain("error ArgumentInvalid").And.Contain("not reached over HTTP"));
    }

    [Test]
    [Category("Azurite")]
    public async Task Repro_OnAzurite_SaysHowManyCallsWereTheSame()
    {
        using var area = new WorkArea();
        var swarmCase = CaseOf("edit A create a 9000 1|run backup A|run backup A", ["vault.create packs/* 1 lost-ack"]);
        await File.WriteAllTextAsync(area.In("case.yaml"), CaseFile.Write(swarmCase, []));

        var environment = new Dictionary<string, string?> { ["AZURE_STORAGE_CONNECTION_STRING"] = (await SharedAzurite.GetAsync()).ConnectionString };
        var container = await SharedAzurite.NewContainerAsync();

        var run = await HarnessRun.OfAsync(environment, ["repro", area.In("case.yaml"), "--vault", container.DisplayName]);

        Assert.That(run.Expect(0).Out, Does.Contain("over HTTP, 1 of them with a fault, each answered as in the simulation.")
            .And.Contain($"trace {SwarmRun.Of(swarmCase).Trace:x16}: all is well."));
    }

    private static async Task AssertSameAsync(string steps, string[] rules, int mustFire)
    {
        var swarmCase = CaseOf(steps, rules);
        var simulated = SwarmRun.Of(swarmCase);
        await using var twin = await OpenAsync();

        var outcome = SwarmRun.Of(swarmCase, planted: null, twin);

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.Trace, Is.EqualTo(simulated.Trace));
        Assert.That(outcome.Events, Is.EqualTo(simulated.Events), "what came of each job");
        Assert.That(outcome.Fired, Is.EqualTo(simulated.Fired));
        Assert.That(outcome.Fired, Has.Count.AtLeast(mustFire), $"only {string.Join(", ", outcome.Fired)} fired");
        Assert.That(twin.Faults, Is.AtLeast(outcome.Fired.Count));
        TestContext.Out.WriteLine($"{twin.Calls} calls, {twin.Faults} with faults; {string.Join(", ", outcome.Fired)}");
    }

    private static async Task<HttpTwin> OpenAsync()
    {
        var location = await SharedAzurite.NewContainerAsync();
        return await HttpTwin.OpenAsync(async options => await SharedAzurite.OpenAsync(location, options));
    }

    private static SwarmCase CaseOf(string steps, string[] rules) => new()
    {
        Seed = 7,
        Machines = 1,
        Tracking = SwarmTracking.None,
        IsFifo = true,
        Steps = [.. steps.Split('|').Select(SwarmStep.Parse)],
        Faults = [.. rules.Select(FaultRule.Parse)],
    };

    /// <summary>A service that says yes to everything and keeps nothing.</summary>
    private sealed class LyingTwin : IVaultTwin
    {
        public string Call(string operation, string key, FaultKind? fault, Func<IVault, ValueTask<string>> call) => "true";

        public IReadOnlyList<string> Differences(MemoryVaultStore model) => ["service: packs/x is missing"];
    }
}
