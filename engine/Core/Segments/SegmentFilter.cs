using System.Buffers.Binary;
using Harness.Engine.Format;

namespace Harness.Engine.Segments;

/// <summary>
/// Says of most segments that are not in a vault that they are not, from memory: a Bloom filter of 10 bits, so 1.25 bytes, for
/// each segment, wrong about one in a hundred. Ids are keyed MACs, so their own bits are the hash functions. Immutable; safe
/// on any thread.
/// </summary>
internal sealed class SegmentFilter(IReadOnlyList<byte[]> parts)
{
    /// <summary>Of a vault without segments.</summary>
    public static SegmentFilter Empty { get; } = new([]);

    private const int BitsPerSegment = 10;
    private const int Probes = 7;

    /// <summary>Bytes of a filter over so many segments.</summary>
    public static int BytesOf(long segments) => (int)Math.Clamp(segments * BitsPerSegment / 8, 8, Array.MaxLength);

    /// <summary>False: no table has the segment. True: one may have it.</summary>
    public bool MayContain(Hash256 id)
    {
        foreach (var bits in parts)
        {
            if (MayContain(bits, id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts a segment into a filter.</summary>
    public static void Add(byte[] bits, Hash256 id)
    {
        var (first, step) = Words(id);
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(bits, first, step, probe);
            bits[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    private static bool MayContain(byte[] bits, Hash256 id)
    {
        var (first, step) = Words(id);
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(bits, first, step, probe);
            if ((bits[bit >> 3] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static long BitOf(byte[] bits, ulong first, ulong step, int probe) =>
        (long)Math.BigMul(unchecked(first + ((ulong)probe * step)), (ulong)bits.Length * 8, out _);

    private static (ulong First, ulong Step) Words(Hash256 id)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        id.CopyTo(bytes);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }
}
