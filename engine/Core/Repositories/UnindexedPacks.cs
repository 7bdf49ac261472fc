using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>
/// Packs that no readable index names: an index blob is lost or damaged, and what it told their footers tell too. Looked for
/// when a reader misses a segment for the first time, for every pack is read for it. Logical thread only.
/// </summary>
internal sealed class UnindexedPacks(Repository repository)
{
    private Dictionary<Hash256, SegmentLocation>? _segments;

    /// <summary>Where a segment lies that no index names; null when in no pack either.</summary>
    public async ValueTask<SegmentLocation?> FindAsync(Hash256 id, CancellationToken cancellationToken)
    {
        _segments ??= await ReadAsync(cancellationToken);
        return _segments.TryGetValue(id, out var location) ? location : null;
    }

    private async ValueTask<Dictionary<Hash256, SegmentLocation>> ReadAsync(CancellationToken cancellationToken)
    {
        var indexed = new HashSet<string>(StringComparer.Ordinal);
        var reader = new IndexReader(repository, scratch: null);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            try
            {
                foreach (var pack in await reader.ReadAsync(item.Name, cancellationToken))
                {
                    indexed.Add(BlobNames.Pack(pack.Hash));
                }
            }
            catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
            {
                // What it named is found by the footers.
            }
        }

        var segments = new Dictionary<Hash256, SegmentLocation>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (!indexed.Contains(item.Name) && await PackFooter.TryReadAsync(repository, item.Name, cancellationToken) is { } pack)
            {
                foreach (var segment in pack.Segments)
                {
                    segments.TryAdd(segment.Id, new SegmentLocation(pack, segment));
                }
            }
        }

        return segments;
    }
}
