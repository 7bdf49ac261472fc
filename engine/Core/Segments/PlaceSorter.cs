using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Segments;

/// <summary>
/// Places of segments by segment, pack and place in the pack, each with a payload, sorted through a temporary scratch location. One
/// logical thread.
/// </summary>
internal sealed class PlaceSorter(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 16 << 20;

    private readonly TableSorter _places = new(scratch, keys, random, "places-", SorterBytes);

    public ValueTask AddAsync(Hash256 pack, SegmentRecord segment, byte[] payload, CancellationToken cancellationToken)
    {
        var key = new byte[(2 * Hash256.Size) + sizeof(uint)];
        segment.Id.CopyTo(key);
        pack.CopyTo(key.AsSpan(Hash256.Size));
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(2 * Hash256.Size), segment.Ordinal);
        return _places.AddAsync(key, payload, cancellationToken);
    }

    /// <summary>Every place, to be laid beside segments that come in ascending order.</summary>
    public PlaceCursor Sorted() => new(_places.Sorted());

    public static Hash256 SegmentOf(in TableRecord place) => new(place.Key.Span[..Hash256.Size]);

    public static Hash256 PackOf(in TableRecord place) => new(place.Key.Span.Slice(Hash256.Size, Hash256.Size));

    public void Dispose() => _places.Dispose();
}
