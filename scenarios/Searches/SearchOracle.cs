using Harness.Engine.Errors;
using Harness.Simulator.Faults;
using Harness.Simulator.Kernel;
using Harness.Simulator.Kernel.Schedules;
using Harness.Simulator.Processes;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What must hold after every backup, crash and restore, whatever went wrong before: the recovery points are those that were committed,
/// each restores equal to its snapshot, and the vault is sound to the last byte. It reads the stored blobs themselves: what is wrong
/// with the way to them is no excuse and no finding.
/// </summary>
internal static class SearchOracle
{
    /// <summary>What does not hold; empty when all is well.</summary>
    /// <param name="world">The world.</param>
    /// <param name="restored">Which recovery points are restored and compared; null is each.</param>
    public static IReadOnlyList<string> Check(SearchWorld world, Func<SearchPoint, bool>? restored = null)
    {
        var problems = new List<string>(world.Twice);
        var commits = world.Commits();
        var kept = world.Points.Keys.Where(point => !world.Forgotten.Contains(point)).ToList();
        problems.AddRange(kept.Where(point => !commits.Contains(point)).Select(point => $"lost: the vault has no commit of {point}"));
        problems.AddRange(commits.Where(point => !world.Points.ContainsKey(point)).Select(point => $"made up: nobody made {point}"));
        if (world.Points.Count == 0)
        {
            return [.. problems, .. world.Ledger.TakeProblems()];
        }

        // Looking happens outside of the world: no step, no time and no randomness there, whether it is done or known to be well.
        var there = kept.Where(commits.Contains).ToList();
        problems.AddRange(Outside(world, [.. there.Where(point => restored?.Invoke(point) != false)]));
        problems.AddRange(world.References.Problems(there.Select(world.CommitOf)));
        problems.AddRange(world.Ledger.TakeProblems());
        return problems;
    }

    private static IReadOnlyList<string> Outside(SearchWorld world, IReadOnlyList<SearchPoint> points)
    {
        var outside = new Simulation(world.Simulation.Seed, new FifoSchedule(), start: world.Simulation.Clock.GetUtcNow());
        return outside.Run(() => LookAsync(world, outside, points));
    }

    private static async Task<IReadOnlyList<string>> LookAsync(SearchWorld world, Simulation outside, IReadOnlyList<SearchPoint> points)
    {
        var problems = new List<string>();
        var vault = new SimVaultService(world.Vault.Store);
        var state = world.Known.StateOf(world);
        try
        {
            foreach (var point in points.Where(point => !world.Known.Contains(state, point)))
            {
                var differences = await world.DifferencesAsync(new SimProcess(outside, NoFaults.Instance), point, vault);
                Note(point, differences);
            }

            if (!world.Known.Contains(state, null))
            {
                var report = await world.CheckAsync(new SimProcess(outside, NoFaults.Instance), vault);
                Note(null, [.. report.Findings.Select(finding => $"check: {finding.Blob}: {finding.Message}")]);
            }
        }
        catch (BackupException error)
        {
            problems.Add($"unreadable: {error.Code} {error.Message}");
        }

        return problems;

        void Note(SearchPoint? point, IReadOnlyList<string> found)
        {
            problems.AddRange(found);
            if (found.Count == 0)
            {
                world.Known.Add(state, point);
            }
        }
    }
}
