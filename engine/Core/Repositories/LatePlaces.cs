using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>
/// A second look at a vault, by a reader that misses a segment for the first time: packs that were written since its index was
/// read, for a prune beside it may have moved the segment; and packs that no readable index names, whose footers tell what a
/// lost index told. Logical thread only.
/// </summary>
internal sealed class LatePlaces(Repository repository, SegmentIndex index)
{
    private Dictionary<Hash256, SegmentLocation>? _segments;

    /// <summary>A place of the segment that the index does not know; null when there is none.</summary>
    public async ValueTask<SegmentLocation?> FindAsync(Hash256 id, CancellationToken cancellationToken)
    {
        _segments ??= await ReadAsync(cancellationToken);
        return _segments.TryGetValue(id, out var location) ? location : null;
    }

    private async ValueTask<Dictionary<Hash256, SegmentLocation>> ReadAsync(CancellationToken cancellationToken)
    {
        var segments = new Dictionary<Hash256, SegmentLocation>();
        var indexed = new HashSet<string>(StringComparer.Ordinal);
        var reader = new IndexReader(repository, scratch: null);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            try
            {
                foreach (var pack in await reader.ReadAsync(item.Name, cancellationToken))
                {
                    indexed.Add(BlobNames.Pack(pack.Hash));
                    Add(segments, pack);
                }
            }
            catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
            {
                // What it named is found by the footers.
            }
        }

        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (!indexed.Contains(item.Name) && await PackFooter.TryReadAsync(repository, item.Name, cancellationToken) is { } pack)
            {
                Add(segments, pack);
            }
        }

        return segments;
    }

    private void Add(Dictionary<Hash256, SegmentLocation> segments, IndexedPack pack)
    {
        foreach (var segment in pack.Segments.Where(segment => !IsKnown(segment.Id, pack.Hash)))
        {
            segments.TryAdd(segment.Id, new SegmentLocation(pack, segment));
        }
    }

    private bool IsKnown(Hash256 id, Hash256 pack) => index.PlacesOf(id).Any(place => place.Pack.Hash == pack);
}
