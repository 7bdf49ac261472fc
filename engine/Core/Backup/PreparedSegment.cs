using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>A segment identified and encoded, ready to be packed. Owns its rented buffer until <see cref="Release"/>.</summary>
internal sealed class PreparedSegment
{
    private byte[]? _rented;

    private PreparedSegment(Hash256 id, int rawBytes, bool isKnown)
    {
        Id = id;
        RawBytes = rawBytes;
        IsKnown = isKnown;
    }

    public Hash256 Id { get; }

    public int RawBytes { get; }

    /// <summary>The vault had it when the run began, so it was not encoded.</summary>
    public bool IsKnown { get; }

    public byte Codec { get; private set; }

    public ReadOnlyMemory<byte> Encoded { get; private set; }

    /// <summary>
    /// Identifies the bytes and, unless the vault has them, encodes them into a rented buffer; what does not compress stays
    /// where it is, so the bytes must stand until <see cref="Release"/>. Pure but for the buffer; safe on any thread while the
    /// index only is read. Without an index (a file that is sent whole) nothing counts as known.
    /// </summary>
    public static PreparedSegment Of(KeyRing keys, ReadOnlyMemory<byte> raw, SegmentIndex? index)
    {
        var id = keys.SegmentId(raw.Span);
        if (index is not null && index.Contains(id))
        {
            return new PreparedSegment(id, raw.Length, isKnown: true);
        }

        var encoded = ArrayPool<byte>.Shared.Rent(raw.Length);
        var (codec, length) = SegmentCodec.Encode(raw.Span, encoded);
        if (codec == SegmentCodec.Stored)
        {
            ArrayPool<byte>.Shared.Return(encoded);
            return new PreparedSegment(id, raw.Length, isKnown: false) { Codec = codec, Encoded = raw };
        }

        return new PreparedSegment(id, raw.Length, isKnown: false)
        {
            Codec = codec,
            Encoded = encoded.AsMemory(0, length),
            _rented = encoded,
        };
    }

    /// <summary>As above for bytes in a rented buffer, which goes back as soon as nothing refers to it.</summary>
    public static PreparedSegment OfRented(KeyRing keys, byte[] rented, int length, SegmentIndex? index)
    {
        var prepared = Of(keys, rented.AsMemory(0, length), index);
        if (prepared.Encoded.IsEmpty || prepared._rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        else
        {
            prepared._rented = rented;
        }

        return prepared;
    }

    public void Release()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }
}
