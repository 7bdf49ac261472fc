using Harness.Engine.Errors;
using Harness.Simulator.Faults;
using Harness.Simulator.Processes;

namespace Harness.Scenarios.Searches;

/// <summary>
/// What must hold after every backup, crash and restore, whatever went wrong before: the recovery points are those that were committed,
/// each restores equal to its snapshot, and the vault is sound to the last byte. It reads the stored blobs themselves: what is wrong
/// with the way to them is no excuse and no finding.
/// </summary>
internal static class SearchOracle
{
    /// <summary>The most simulated time that a backup may take after everything is healed (claim 10).</summary>
    public static readonly TimeSpan MostTimeToCommit = TimeSpan.FromHours(1);

    /// <summary>What does not hold; empty when all is well.</summary>
    /// <param name="world">The world.</param>
    /// <param name="restored">Which recovery points are restored and compared; null is each.</param>
    public static async Task<IReadOnlyList<string>> CheckAsync(SearchWorld world, Func<SearchPoint, bool>? restored = null)
    {
        var problems = new List<string>();
        var commits = world.Commits();
        var kept = world.Points.Keys.Where(point => !world.Forgotten.Contains(point)).ToList();
        problems.AddRange(kept.Where(point => !commits.Contains(point)).Select(point => $"lost: the vault has no commit of {point}"));
        problems.AddRange(commits.Where(point => !world.Points.ContainsKey(point)).Select(point => $"made up: nobody made {point}"));
        if (world.Points.Count == 0)
        {
            return [.. problems, .. world.Ledger.TakeProblems()];
        }

        var vault = new SimVaultService(world.Vault.Store);
        try
        {
            foreach (var point in kept.Where(point => commits.Contains(point) && restored?.Invoke(point) != false))
            {
                problems.AddRange(await world.DifferencesAsync(world.Start(NoFaults.Instance), point, vault));
            }

            var report = await world.CheckAsync(world.Start(NoFaults.Instance), vault);
            problems.AddRange(report.Findings.Select(finding => $"check: {finding.Blob}: {finding.Message}"));
        }
        catch (BackupException error)
        {
            problems.Add($"unreadable: {error.Code} {error.Message}");
        }

        problems.AddRange(world.References.Problems(kept.Where(point => commits.Contains(point)).Select(world.CommitOf)));
        problems.AddRange(world.Ledger.TakeProblems());
        return problems;
    }
}
