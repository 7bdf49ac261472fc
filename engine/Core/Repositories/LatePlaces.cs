using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Repositories;

/// <summary>
/// A second look at a vault, by a reader that misses a segment for the first time: index blobs that were written since the index was
/// read, for a prune beside it may have moved the segment; and packs that no readable index names, whose footers tell what a
/// lost index told. Only the segments of the latter are held in memory. Logical thread only.
/// </summary>
internal sealed class LatePlaces(Repository repository, SegmentIndex index)
{
    private Dictionary<Hash256, List<SegmentLocation>>? _unnamed;

    /// <summary>Every place of the segment that can be found.</summary>
    public async ValueTask<IReadOnlyList<SegmentLocation>> PlacesAsync(Hash256 id, CancellationToken cancellationToken)
    {
        if (_unnamed is null)
        {
            index.LookAgain();
            _unnamed = await ReadUnnamedAsync(cancellationToken);
        }

        var places = await index.PlacesAsync(id, cancellationToken);
        return _unnamed.TryGetValue(id, out var unnamed) ? [.. places, .. unnamed] : places;
    }

    private async ValueTask<Dictionary<Hash256, List<SegmentLocation>>> ReadUnnamedAsync(CancellationToken cancellationToken)
    {
        var segments = new Dictionary<Hash256, List<SegmentLocation>>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (Hash256.Parse(item.Name[(item.Name.LastIndexOf('/') + 1)..]) is { } hash
                && !await index.NamesAsync(hash, cancellationToken)
                && await PackFooter.TryReadAsync(repository, item, cancellationToken) is { } pack)
            {
                foreach (var segment in pack.Segments)
                {
                    if (!segments.TryGetValue(segment.Id, out var places))
                    {
                        segments.Add(segment.Id, places = []);
                    }

                    places.Add(new SegmentLocation(pack, segment));
                }
            }
        }

        return segments;
    }
}
