using System.Security.Cryptography;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Searches.Oracles;

/// <summary>
/// Every reference in the vault resolves and re-hashes (design section 7): of each recovery point that must be there the commits and
/// manifests that it rests on, and every byte of every segment that its content is made of. Independent of the engine. One thread.
/// </summary>
/// <param name="store">The vault.</param>
/// <param name="passphrase">Opens it.</param>
internal sealed class ReferenceOracle(MemoryVaultStore store, string passphrase)
{
    private readonly StoredVault _vault = new(store, passphrase);

    /// <summary>What does not hold; empty when all is well.</summary>
    /// <param name="commits">Names of the commit blobs of the points that must be there.</param>
    public IEnumerable<string> Problems(IEnumerable<string> commits)
    {
        try
        {
            _vault.Refresh();
            var segments = _vault.Segments();
            return [.. commits.SelectMany(commit => ProblemsOf(commit, segments))];
        }
        catch (Exception error) when (IsOfTheVault(error))
        {
            return [$"references: {error.Message}"];
        }
    }

    /// <summary>Whether a point is there and lacks nothing that could not be read.</summary>
    public bool IsWhole(string commit)
    {
        try
        {
            _vault.Refresh();
            return _vault.Has(commit) && _vault.PointOf(commit).State.Issues.All(issue => issue.Kind == 0);
        }
        catch (Exception error) when (IsOfTheVault(error))
        {
            // It is told when all are looked at.
            return false;
        }
    }

    private IEnumerable<string> ProblemsOf(string commit, Dictionary<string, uint> segments)
    {
        try
        {
            var point = _vault.PointOf(commit);
            var lost = point.Rests.Where(name => !_vault.Has(name)).Select(name => $"references: {commit} rests on {name}, which is not there");
            var broken = point.State.Extents
                .Where(extent => extent.Segment is { } id && (!segments.TryGetValue(id, out var length) || extent.Offset + extent.To - extent.From > length))
                .Select(extent => $"references: {commit} is made of segment {extent.Segment}, which no index says is in a pack that is there");
            return [.. lost.Concat(broken).Take(3)];
        }
        catch (Exception error) when (IsOfTheVault(error))
        {
            return [$"references: {commit}: {error.Message}"];
        }
    }

    private static bool IsOfTheVault(Exception error) =>
        error is InvalidDataException or CryptographicException or KeyNotFoundException or FormatException or OverflowException or ArgumentException;
}
