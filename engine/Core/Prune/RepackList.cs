using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Prune;

/// <summary>
/// The used segments of packs that are to be copied, by pack and place, each with the place that was chosen for it. Sorted
/// through a temporary scratch location; one pack is in memory. One logical thread.
/// </summary>
internal sealed class RepackList(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 16 << 20;

    private readonly TableSorter _segments = new(scratch, keys, random, "repack-", SorterBytes);

    public ValueTask AddAsync(SegmentLocation place, SegmentLocation? chosen, CancellationToken cancellationToken)
    {
        var key = new byte[Hash256.Size + sizeof(uint)];
        place.Pack.Hash.CopyTo(key);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(Hash256.Size), place.Record.Ordinal);
        var payload = new WireWriter(128);
        payload.Hash(place.Record.Id);
        payload.Hash(chosen?.Pack.Hash ?? default);
        payload.Bytes(SegmentKeys.Encode(place.Record));
        payload.Bytes(SegmentKeys.Encode(chosen?.Record ?? place.Record));
        return _segments.AddAsync(key, payload.ToArray(), cancellationToken);
    }

    /// <summary>Each pack with its used segments in the order of the pack; all zero for a segment without a chosen place.</summary>
    public async IAsyncEnumerable<(Hash256 Pack, IReadOnlyList<(SegmentRecord Segment, Hash256 Pack, SegmentRecord Chosen)> Segments)> PacksAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var segments = new List<(SegmentRecord Segment, Hash256 Pack, SegmentRecord Chosen)>();
        Hash256 pack = default;
        for (var cursor = _segments.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            var next = new Hash256(cursor.Current.Key.Span[..Hash256.Size]);
            if (next != pack && segments.Count > 0)
            {
                yield return (pack, segments);
                segments = [];
            }

            pack = next;
            segments.Add(Decode(cursor.Current.Payload.Span));
        }

        if (segments.Count > 0)
        {
            yield return (pack, segments);
        }
    }

    public void Dispose() => _segments.Dispose();

    private static (SegmentRecord Segment, Hash256 Pack, SegmentRecord Chosen) Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var (id, pack) = (reader.Hash(), reader.Hash());
        return (SegmentKeys.DecodePlace(id, reader.Bytes()), pack, SegmentKeys.DecodePlace(id, reader.Bytes()));
    }
}
