using System.Buffers.Binary;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>
/// What the check of packs found: where every segment is, and which of them can be read. Segments are sorted through a
/// temporary scratch location; in memory are 32 bytes of each pack. One logical thread.
/// </summary>
internal sealed class CheckedPacks(IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private readonly PlaceSorter _places = new(scratch, keys, random);

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
        var payload = new byte[1 + sizeof(uint)];
        payload[0] = isGood ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(1), segment.RawBytes);
        return _places.AddAsync(pack.Hash, segment, payload, cancellationToken);
    }

    /// <summary>Every place, ascending by segment.</summary>
    public PlaceCursor Sorted() => _places.Sorted();

    /// <summary>Bytes of a segment that can be read there; null when it cannot.</summary>
    public static uint? ReadableBytesOf(in TableRecord place) =>
        place.Payload.Span[0] == 1 ? BinaryPrimitives.ReadUInt32LittleEndian(place.Payload.Span[1..]) : null;

    public void Dispose() => _places.Dispose();
}
