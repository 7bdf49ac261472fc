using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>
/// What the check of packs found: where every segment is, and which of them can be read. Segments are sorted through a
/// temporary scratch location; in memory are 32 bytes of each pack. One logical thread.
/// </summary>
internal sealed class CheckedPacks(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 16 << 20;

    private readonly TableSorter _places = new(scratch, keys, random, "places-", SorterBytes);

    public long Count { get; set; }

    public long SegmentsRead { get; set; }

    /// <summary>Names of the index blobs that can be read.</summary>
    public HashSet<string> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Packs that one of them names.</summary>
    public HashSet<Hash256> Indexed { get; } = [];

    /// <summary>Names of all packs in the vault.</summary>
    public HashSet<string> Present { get; } = new(StringComparer.Ordinal);

    public ValueTask AddAsync(IndexedPack pack, SegmentRecord segment, bool isGood, CancellationToken cancellationToken)
    {
        var key = new byte[(2 * Hash256.Size) + sizeof(uint)];
        segment.Id.CopyTo(key);
        pack.Hash.CopyTo(key.AsSpan(Hash256.Size));
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(2 * Hash256.Size), segment.Ordinal);
        var payload = new byte[1 + sizeof(uint)];
        payload[0] = isGood ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(1), segment.RawBytes);
        return _places.AddAsync(key, payload, cancellationToken);
    }

    /// <summary>Every place, ascending by segment.</summary>
    public ITableCursor Sorted() => _places.Sorted();

    public static Hash256 SegmentOf(in TableRecord place) => new(place.Key.Span[..Hash256.Size]);

    public static Hash256 PackOf(in TableRecord place) => new(place.Key.Span.Slice(Hash256.Size, Hash256.Size));

    /// <summary>Bytes of a segment that can be read there; null when it cannot.</summary>
    public static uint? ReadableBytesOf(in TableRecord place) =>
        place.Payload.Span[0] == 1 ? BinaryPrimitives.ReadUInt32LittleEndian(place.Payload.Span[1..]) : null;

    public void Dispose() => _places.Dispose();
}
