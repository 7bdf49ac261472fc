using Harness.Engine.Errors;
using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What must hold after every backup, crash and restore, whatever went wrong before: the recovery points are those that were committed,
/// each restores equal to its snapshot, and the vault is sound to the last byte.
/// </summary>
internal static class SearchOracle
{
    /// <summary>What does not hold; empty when all is well.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(SearchWorld world)
    {
        var problems = new List<string>();
        if (!world.Commits().SetEquals(world.Points.Keys))
        {
            problems.Add($"the vault has commits {string.Join(", ", world.Commits().Order())}, expected {string.Join(", ", world.Points.Keys)}");
        }

        if (world.Points.Count == 0)
        {
            return problems;
        }

        try
        {
            foreach (var point in world.Points.Keys)
            {
                problems.AddRange(await world.DifferencesAsync(world.Start(NoFaults.Instance), point));
            }

            var report = await world.CheckAsync(world.Start(NoFaults.Instance));
            problems.AddRange(report.Findings.Select(finding => $"check: {finding.Blob}: {finding.Message}"));
        }
        catch (BackupException error)
        {
            problems.Add($"the vault cannot be read: {error.Code} {error.Message}");
        }

        return problems;
    }
}
