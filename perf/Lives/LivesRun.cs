using System.Diagnostics;
using Harness.Scenarios.Searches;
using Harness.Simulator.Faults;

namespace Harness.Perf.Lives;

/// <summary>Lives of one small history on one thread, each in a world and a simulation of its own.</summary>
internal static class LivesRun
{
    public static LivesFigures Measure(int lives)
    {
        Live(lives, from: 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var before = ProcessorSeconds();
        var begun = Stopwatch.GetTimestamp();
        var steps = Live(lives, from: lives);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return new LivesFigures(
            lives,
            lives / seconds,
            lives / (ProcessorSeconds() - before),
            (double)steps / lives,
            (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / lives);
    }

    private static double ProcessorSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static long Live(int lives, int from)
    {
        var history = SearchHistory.All[0];
        var steps = 0L;
        for (var life = 0; life < lives; life++)
        {
            var world = new SearchWorld((ulong)(from + life));
            world.Simulation.Run(() => LiveAsync(world, history));
            steps += world.Simulation.Steps;
        }

        return steps;
    }

    private static async Task LiveAsync(SearchWorld world, SearchHistory history)
    {
        for (var backup = 0; backup < history.Backups; backup++)
        {
            history.Edit(world.Machines[0].Volume, backup);
            await world.BackupAsync(world.Start(NoFaults.Instance), world.Machines[0]);
        }

        var differences = await world.DifferencesAsync(world.Start(NoFaults.Instance), world.Points.Keys.Last());
        var check = await world.CheckAsync(world.Start(NoFaults.Instance));
        if (differences.Count > 0 || check.Findings.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', [.. differences, .. check.Findings.Select(finding => finding.Message)]));
        }
    }
}
