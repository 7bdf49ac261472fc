using Harness.Engine.Errors;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Faults;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>Shrinking finds what a failure needs, and the file of it is the same case again.</summary>
internal sealed class ShrinkingTests
{
    [Test]
    public void Minimize_NeedsThreeOfForty_LeavesThem()
    {
        var runs = 0;
        var needed = new[] { 3, 17, 38 };

        var found = DeltaDebugging.Minimize([.. Enumerable.Range(0, 40)], items =>
        {
            runs++;
            return needed.All(items.Contains);
        });

        Assert.That(found, Is.EqualTo(needed));
        Assert.That(runs, Is.LessThan(200));
    }

    [Test]
    public void Minimize_NeedsNothing_LeavesNothing() => Assert.That(DeltaDebugging.Minimize([1, 2, 3], _ => true), Is.Empty);

    [Test]
    public void Shrink_ThirtyFaults_LeavesTheCausalOnesAndTheSmallestNumbers()
    {
        var swarmCase = SwarmDraw.Of(5) with
        {
            Steps = [.. Enumerable.Range(0, 20).Select(i => SwarmStep.Parse($"edit A create f{i} {1000 + i} {i}")), SwarmStep.Parse("run backup A killed 9 torn | prune A")],
        };
        FaultRule[] fired = [.. Enumerable.Range(1, 30).Select(i => FaultRule.Parse($"vault.create packs/* {i} refused"))];
        SwarmOutcome Run(SwarmCase candidate)
        {
            var faults = candidate.Faults ?? fired;
            var fails = faults.Contains(fired[7]) && faults.Contains(fired[21])
                && candidate.Steps.OfType<EditStep>().Any(step => step.Edit.Path == "f4" && step.Edit.Numbers[0] >= 100)
                && candidate.Steps.OfType<RunStep>().Any(step => step.Jobs.Any(job => job.Verb == "backup"));
            return new SwarmOutcome(fails ? ["lost: a point"] : [], 0, faults, new Dictionary<string, long>());
        }

        var (small, runs) = SwarmShrinker.Shrink(swarmCase, Run(swarmCase), Run);

        Assert.That(small.Faults, Is.EqualTo(new[] { fired[7], fired[21] }));
        Assert.That(small.Steps.Select(step => $"{step}"), Is.EqualTo(new[] { "edit A create f4 125 0", "run backup A" }));
        Assert.That(small.IsFifo, Is.True);
        Assert.That(runs, Is.LessThan(300));
    }

    /// <summary>Real runs of an engine with a planted bug, among thirty faults of which one shows it.</summary>
    [Test]
    public void Shrink_PlantedBugAmongThirtyFaults_LeavesTheOneThatShowsIt()
    {
        var bug = PlantedBugCatalog.Find("second-name");
        var steps = Enumerable.Range(0, 9).SelectMany(i => new[] { $"edit A create f{i} {700 * (i + 1)} {i}", "run backup A" });
        var found = bug.Draw(0) with
        {
            Faults = [FaultRule.Parse("vault.create commits/* 7 lost-ack"), .. Slow(14), FaultRule.Parse("vault.list * 15 slow")],
            Steps = [.. steps.Select(SwarmStep.Parse)],
        };
        var outcome = SwarmRun.Of(found, bug);

        var (small, runs) = SwarmShrinker.Shrink(found, outcome, candidate => SwarmRun.Of(candidate, bug));

        TestContext.Out.WriteLine($"{runs} runs: {string.Join("; ", small.Faults!)}; {string.Join("; ", small.Steps)}");
        Assert.That(outcome.Fired, Has.Count.EqualTo(30));
        Assert.That(bug.IsFoundBy(outcome), Is.True);
        Assert.That(small.Faults!.Select(fault => $"{fault}"), Is.EqualTo(new[] { "vault.create commits/* 7 lost-ack" }));
        Assert.That(small.Steps.Select(step => $"{step}"), Has.All.EqualTo("run backup A"));
        Assert.That(runs, Is.LessThan(100));
        Assert.That(bug.IsFoundBy(SwarmRun.Of(small, bug)), Is.True);
    }

    /// <summary>Real runs of the engine under thirty faults, of which two together are said to be fatal.</summary>
    [Test]
    public void Shrink_ThirtyFaultsOfARealRun_LeavesTheTwoThatMatter()
    {
        var steps = Enumerable.Range(0, 9).SelectMany(i => new[] { $"edit A create f{i} {700 * (i + 1)} {i}", "run backup A" });
        var found = SwarmDraw.Of(0) with
        {
            Machines = 1,
            Faults = [.. Slow(15)],
            Steps = [.. steps.Select(SwarmStep.Parse)],
        };
        var fired = SwarmRun.Of(found).Fired;
        var (early, late) = (fired[3], fired[^4]);
        SwarmOutcome Run(SwarmCase candidate)
        {
            var outcome = SwarmRun.Of(candidate);
            return outcome with { Problems = outcome.Fired.Contains(early) && outcome.Fired.Contains(late) ? ["both: fired"] : [] };
        }

        var (small, runs) = SwarmShrinker.Shrink(found, Run(found), Run);

        TestContext.Out.WriteLine($"{runs} runs: {string.Join("; ", small.Faults!)}; {string.Join("; ", small.Steps)}");
        Assert.That(fired, Has.Count.EqualTo(30));
        Assert.That(small.Faults, Is.EquivalentTo(new[] { early, late }));
        Assert.That(small.Steps, Has.Count.LessThan(found.Steps.Count));
        Assert.That(runs, Is.LessThan(200));
    }

    private static IEnumerable<FaultRule> Slow(int count) => Enumerable.Range(1, count)
        .SelectMany(i => new[] { FaultRule.Parse($"vault.read * {i} slow"), FaultRule.Parse($"vault.list * {i} slow") });

    [Test]
    public void File_OfACase_IsTheSameCaseAgain([Values(1UL, 4UL, 9UL, 23UL)] ulong seed)
    {
        var swarmCase = SwarmDraw.Of(seed);
        var outcome = SwarmRun.Of(swarmCase);
        swarmCase = swarmCase with { Faults = outcome.Fired };

        var read = CaseFile.Read(CaseFile.Write(swarmCase, ["lost: it's gone\n   at a place"]), "case.yaml");

        Assert.That(CaseFile.Write(read, []), Is.EqualTo(CaseFile.Write(swarmCase, [])));
        Assert.That(SwarmRun.Of(read).Trace, Is.EqualTo(outcome.Trace));
    }

    [TestCase("", "one document")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults: []\nsteps: []\ncolour: red\n", "case.yaml(7,1): 'colour' is no field")]
    [TestCase("seed: 1\nmachines: 0\ntracking: none\nschedule: fifo\nfaults: []\nsteps: []\n", "case.yaml(2,11): machines: 1 to 26 is expected")]
    [TestCase("seed: 1\nmachines: 1\ntracking: psychic\nschedule: fifo\nfaults: []\nsteps: []\n", "tracking: none, snapshots, journal, ranges is expected")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults:\n- vault.create packs/* 0 refused\nsteps: []\n", "case.yaml(6,3): '0' is no attempt")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults: []\nsteps:\n- edit A explode a\n", "case.yaml(7,3): 'explode a' is no edit")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults: []\nsteps:\n- run backup A killed 3 gently\n", "killed OPERATIONS")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults: []\nsteps: [dance]\n", "'dance' is no step")]
    [TestCase("seed: 1\nmachines: 1\ntracking: none\nschedule: fifo\nfaults: []\n", "steps: a list is expected")]
    [TestCase("seed: [\n", "case.yaml(")]
    public void File_ThatIsNoCase_SaysWhereAndWhatIsExpected(string text, string expected)
    {
        var error = Assert.Throws<BackupException>(() => CaseFile.Read(text, "case.yaml"))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ScenarioInvalid));
        Assert.That(error.Message, Does.Contain(expected));
    }
}
