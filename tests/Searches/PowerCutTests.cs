using Harness.Engine.Backup;
using Harness.Scenarios.Searches;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Faults;
using Harness.Simulator.Processes;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>What flushes of the scratch location are for: power cuts between runs and within them.</summary>
internal sealed class PowerCutTests
{
    private const int Cases = 40;
    private const int MostOperations = 60;
    private const int SeedsEach = 4;

    [Test]
    public void PowerCut_BetweenRuns_LeavesAStateThatTheNextRunGoesOnFrom()
    {
        var family = new SkipFlush();

        var problems = Enumerable.Range(0, Cases).SelectMany(seed => SwarmRun.Of(family.Draw((ulong)seed)).Problems.Select(problem => $"seed {seed}: {problem}"));

        Assert.That(problems, Is.Empty);
    }

    [Test]
    public void PowerCut_WithinARunThatHasASession_IsKnownToTheNextRun()
    {
        var problems = new List<string>();
        var left = 0;
        for (var life = 0; life < MostOperations * SeedsEach; life++)
        {
            var operations = 1 + (life / SeedsEach);
            var world = new SearchWorld(seed: (ulong)(1 + (life % SeedsEach)));
            var report = world.Simulation.Run(() => RunAfterCutAsync(world, operations));
            if (report is not null)
            {
                left++;
                if (!report.Fallbacks.Any(note => note.Code is "previous-run-failed" or "scratch-rebuilt"))
                {
                    problems.Add($"seed {world.Simulation.Seed} killed after {operations} operations");
                }
            }
        }

        Assert.That(problems, Is.Empty);
        Assert.That(left, Is.GreaterThan(5), "runs that left a session");
    }

    /// <summary>The report of the run after one that was cut off; null where that one left no session.</summary>
    private static async Task<BackupReport?> RunAfterCutAsync(SearchWorld world, int operations)
    {
        var machine = world.Machines[0];
        machine.Volume.Journal.Create();
        machine.ChangeTracking = new SimChangeTracking { KeptSnapshots = 0 };
        machine.Volume.CreateFile("a", 90_000, seed: 1);
        await world.BackupAsync(world.Start(NoFaults.Instance), machine);
        machine.Volume.WriteGenerated("a", 0, 70_000, seed: 2);
        try
        {
            await world.BackupAsync(world.Start(NoFaults.Instance, operations), machine);
        }
        catch (ProcessKilledException)
        {
            machine.Scratch.Files.Crash(CrashLoss.Torn, world.Simulation.Stream($"crash {operations}"));
        }

        return world.Vault.Store.Names("sessions/").Count > 0 ? await world.BackupAsync(world.Start(NoFaults.Instance), machine) : null;
    }
}
