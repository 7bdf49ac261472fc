using Harness.Engine.Errors;
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
