using System.Buffers.Binary;
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
    private readonly TableSorter _places = new(scratch, keys, random, "places-", SorterBytes);
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
            var key = new byte[(2 * Hash256.Size) + sizeof(uint)];
            segment.Id.CopyTo(key);
            pack.Hash.CopyTo(key.AsSpan(Hash256.Size));
            BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(2 * Hash256.Size), segment.Ordinal);
            await _places.AddAsync(key, SegmentKeys.Encode(segment), cancellationToken);
        }
    }

    /// <summary>Every live segment with its places, by pack; a segment without a place too. Ascending; the list is used again.</summary>
    public async IAsyncEnumerable<(Hash256 Id, IReadOnlyList<SegmentLocation> Places)> WithPlacesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = _places.Sorted();
        var isAtPlace = await places.NextAsync(cancellationToken);
        var found = new List<SegmentLocation>();
        for (var live = _live.Sorted(); await live.NextAsync(cancellationToken);)
        {
            var id = new Hash256(live.Current.Key.Span);
            found.Clear();
            for (; isAtPlace && IdOf(places.Current) <= id; isAtPlace = await places.NextAsync(cancellationToken))
            {
                if (IdOf(places.Current) == id)
                {
                    found.Add(Decode(places.Current));
                }
            }

            yield return (id, found);
        }
    }

    public void Dispose()
    {
        _live.Dispose();
        _places.Dispose();
    }

    private static Hash256 IdOf(in TableRecord place) => new(place.Key.Span[..Hash256.Size]);

    private SegmentLocation Decode(in TableRecord place) => new(
        _packs[new Hash256(place.Key.Span.Slice(Hash256.Size, Hash256.Size))],
        SegmentKeys.DecodePlace(IdOf(place), place.Payload.Span));
}
