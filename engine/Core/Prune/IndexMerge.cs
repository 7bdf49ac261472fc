using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Prune;

/// <summary>
/// Puts small index blobs into one when there are many, under the session of a run that has committed (FORMAT.md section 6): else
/// each later run would list as many as there were runs before it. What it reads and writes follows what the run itself sent.
/// Logical thread only.
/// </summary>
internal sealed class IndexMerge(Repository repository, EngineServices services, SegmentIndex index, WriterFence fence)
{
    /// <summary>Fewer are left as they are.</summary>
    public const int LeastBlobs = 16;

    private const long LeastBudgetBytes = 64 << 10;
    private const long MostBudgetBytes = 8 << 20;
    private const int BudgetPerOwnByte = 64;

    /// <summary>Merges when it is worth it. Trouble with it is left to a later run: the recovery point is complete.</summary>
    /// <param name="ownBytes">What this run has written of index blobs.</param>
    /// <param name="cancellationToken">Ends it between two requests; nothing is lost by that.</param>
    public async ValueTask RunAsync(long ownBytes, CancellationToken cancellationToken)
    {
        var budgetBytes = Math.Clamp(ownBytes * BudgetPerOwnByte, LeastBudgetBytes, MostBudgetBytes);
        var chosen = Choose(index.Listed, budgetBytes);
        if (chosen.Count < LeastBlobs)
        {
            return;
        }

        try
        {
            await MergeAsync(chosen, cancellationToken);
        }
        catch (BackupException)
        {
            // They are as good one by one.
        }
    }

    /// <summary>
    /// The smallest ones, each less than twice as long as all before it, as far as the budget goes: so each byte is written
    /// a logarithmic number of times.
    /// </summary>
    public static IReadOnlyList<Hash256> Choose(IReadOnlyList<(Hash256 Blob, long LengthBytes)> listed, long budgetBytes)
    {
        var chosen = new List<Hash256>();
        long sum = 0;
        foreach (var (blob, lengthBytes) in listed.OrderBy(item => item.LengthBytes).ThenBy(item => item.Blob))
        {
            if (sum + lengthBytes > budgetBytes || (chosen.Count > 0 && lengthBytes >= sum * 2))
            {
                break;
            }

            chosen.Add(blob);
            sum += lengthBytes;
        }

        return chosen;
    }

    private async ValueTask MergeAsync(IReadOnlyList<Hash256> blobs, CancellationToken cancellationToken)
    {
        var unusable = await fence.UnusablePacksAsync(cancellationToken);
        var reader = new IndexReader(repository);
        var packs = new Dictionary<Hash256, IndexedPack>();
        var merged = new List<Hash256>();
        var segments = 0;
        foreach (var blob in blobs)
        {
            if (await TryReadAsync(reader, blob, cancellationToken) is { } named && !named.Any(pack => unusable.Contains(pack.Hash))
                && segments + named.Sum(pack => pack.Segments.Count) is var sum and <= IndexDocument.MaxSegments)
            {
                segments = sum;
                merged.Add(blob);
                foreach (var pack in named)
                {
                    packs.TryAdd(pack.Hash, pack);
                }
            }
        }

        if (merged.Count < 2)
        {
            return;
        }

        await fence.RequireAliveAsync(cancellationToken);
        await new IndexWriter(repository, services.Random, index).WriteAsync(packs.Values, cancellationToken);

        // Without a session a prune may have removed a pack meanwhile, and would not know that it is named anew.
        await fence.RequireAliveAsync(cancellationToken);
        foreach (var blob in merged)
        {
            await repository.Vault.DeleteAsync(BlobNames.Index(blob), cancellationToken);
        }
    }

    private static async ValueTask<IReadOnlyList<IndexedPack>?> TryReadAsync(
        IndexReader reader, Hash256 blob, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(BlobNames.Index(blob), cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultBlobDamaged)
        {
            return null;
        }
    }
}
