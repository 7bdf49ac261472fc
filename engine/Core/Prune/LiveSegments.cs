using System.Runtime.CompilerServices;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Prune;

/// <summary>
/// Which segments living recovery points use, and where all segments lie, both sorted through a temporary scratch location and
/// laid side by side. One logical thread.
/// </summary>
internal sealed class LiveSegments(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 16 << 20;

    private readonly TableSorter _live = new(scratch, keys, random, "live-", SorterBytes);
    private readonly PlaceSorter _places = new(scratch, keys, random);
    private readonly Dictionary<Hash256, PackInfo> _packs = [];

    /// <summary>Each pack that an index names, without its segments.</summary>
    public IReadOnlyDictionary<Hash256, PackInfo> Packs => _packs;

    public ValueTask AddLiveAsync(Hash256 segment, CancellationToken cancellationToken)
    {
        var key = new byte[Hash256.Size];
        segment.CopyTo(key);
        return _live.AddAsync(key, [], cancellationToken);
    }

    /// <summary>Adds a pack that an index names, once however many do.</summary>
    public async ValueTask AddPlacesAsync(IndexedPack pack, CancellationToken cancellationToken)
    {
        if (!_packs.TryAdd(pack.Hash, new PackInfo(pack.Hash, pack.Salt, pack.LengthBytes)))
        {
            return;
        }

        foreach (var segment in pack.Segments)
        {
            await _places.AddAsync(pack.Hash, segment, SegmentKeys.Encode(segment), cancellationToken);
        }
    }

    /// <summary>Every live segment with its places, by pack; a segment without a place too. Ascending; the list is used again.</summary>
    public async IAsyncEnumerable<(Hash256 Id, IReadOnlyList<SegmentLocation> Places)> WithPlacesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = _places.Sorted();
        var found = new List<SegmentLocation>();
        for (var live = _live.Sorted(); await live.NextAsync(cancellationToken);)
        {
            var id = new Hash256(live.Current.Key.Span);
            found.Clear();
            foreach (var place in await places.PlacesOfAsync(id, cancellationToken))
            {
                found.Add(Decode(id, place));
            }

            yield return (id, found);
        }
    }

    public void Dispose()
    {
        _live.Dispose();
        _places.Dispose();
    }

    private SegmentLocation Decode(Hash256 id, in TableRecord place) => new(
        _packs[PlaceSorter.PackOf(place)],
        SegmentKeys.DecodePlace(id, place.Payload.Span));
}
