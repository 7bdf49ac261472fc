using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Backup;

/// <summary>
/// A segment identified and mostly encoded, ready to be packed. What does not compress stays where it was read, so those bytes must
/// stand until <see cref="Release"/>; buffers of its own are rented until then.
/// </summary>
internal sealed class PreparedSegment
{
    private readonly ReadOnlyMemory<byte> _raw;
    private byte[]? _rentedRaw;
    private byte[]? _rented;

    private PreparedSegment(Hash256 id, ReadOnlyMemory<byte> raw)
    {
        Id = id;
        _raw = raw;
    }

    public Hash256 Id { get; }

    public int RawBytes => _raw.Length;

    /// <summary>Whether it can be packed. Not yet when the vault probably has it.</summary>
    public bool IsEncoded { get; private set; }

    public byte Codec { get; private set; }

    public ReadOnlyMemory<byte> Encoded { get; private set; }

    /// <summary>
    /// Identifies the bytes and, unless the vault probably has them, encodes them. Pure but for the buffer; safe on any thread.
    /// Without a filter nothing counts as known.
    /// </summary>
    public static PreparedSegment Of(KeyRing keys, ReadOnlyMemory<byte> raw, SegmentFilter? filter)
    {
        var prepared = new PreparedSegment(keys.SegmentId(raw.Span), raw);
        return filter is not null && filter.MayContain(prepared.Id) ? prepared : prepared.Encode();
    }

    /// <summary>As above for bytes in a rented buffer, which goes back as soon as nothing refers to it.</summary>
    public static PreparedSegment OfRented(KeyRing keys, byte[] rented, int length, SegmentFilter? filter)
    {
        var prepared = Of(keys, rented.AsMemory(0, length), filter);
        if (prepared._rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        else
        {
            prepared._rentedRaw = rented;
        }

        return prepared;
    }

    /// <summary>Encodes what was left as it is; to be called when the vault turns out not to have it.</summary>
    public PreparedSegment Encode()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RawBytes);
        var (codec, length) = SegmentCodec.Encode(_raw.Span, buffer);
        (Codec, IsEncoded) = (codec, true);
        if (codec == SegmentCodec.Stored)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Encoded = _raw;
        }
        else
        {
            _rented = buffer;
            Encoded = buffer.AsMemory(0, length);
        }

        return this;
    }

    public void Release()
    {
        GiveBack(ref _rented);
        GiveBack(ref _rentedRaw);
    }

    private static void GiveBack(ref byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
            rented = null;
        }
    }
}
