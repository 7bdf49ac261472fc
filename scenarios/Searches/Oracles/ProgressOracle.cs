using Harness.Engine.Errors;
using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>Once faults have stopped and everything is healed, the next backup commits, and soon (claims 2 and 10). One thread.</summary>
internal static class ProgressOracle
{
    /// <summary>The most simulated time that it may take.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromHours(1);

    /// <summary>Runs a backup of a machine on which nothing goes wrong; what it did not do, or null.</summary>
    public static async Task<string?> ProblemAsync(SearchWorld world, SearchMachine machine)
    {
        var what = $"no progress: the backup of {machine.Name} after the faults";
        var (points, begun) = (world.Points.Count, world.Simulation.Clock.GetTimestamp());
        try
        {
            await world.BackupAsync(world.Start(NoFaults.Instance, machine: machine), machine);
        }
        catch (BackupException error)
        {
            return $"{what} fails: {error.Code} {error.Message}";
        }

        if (world.Points.Count != points + 1)
        {
            return $"{what} made {world.Points.Count - points} recovery points";
        }

        return world.Simulation.Clock.GetElapsedTime(begun) is var time && time > MostTime ? $"{what} took {time}" : null;
    }
}
