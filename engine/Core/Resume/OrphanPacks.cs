using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;

namespace Harness.Engine.Resume;

/// <summary>
/// Finds packs that no index names: what a run that was cut off sent after its last checkpoint, or after the last line of its log.
/// Their footers say what is in them, so nothing of it is sent again even where nobody knows what it was for.
/// </summary>
internal sealed class OrphanPacks(Repository repository, SegmentIndex index)
{
    /// <summary>More than a run leaves behind its last checkpoint; the rest is for a prune.</summary>
    private const int Most = 256;

    public async ValueTask<IReadOnlyList<IndexedPack>> FindAsync(
        IReadOnlyCollection<Hash256> known, CancellationToken cancellationToken)
    {
        var orphans = new List<VaultBlob>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (orphans.Count < Most && Hash256.Parse(item.Name[(item.Name.LastIndexOf('/') + 1)..]) is { } hash
                && !known.Contains(hash) && !await index.NamesAsync(hash, cancellationToken))
            {
                orphans.Add(item);
            }
        }

        var packs = new List<IndexedPack>();
        foreach (var orphan in orphans)
        {
            if (await PackFooter.TryReadAsync(repository, orphan, cancellationToken) is { } pack)
            {
                packs.Add(pack);
            }
        }

        return packs;
    }
}
