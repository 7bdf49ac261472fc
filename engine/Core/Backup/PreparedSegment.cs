using System.Buffers;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Segments;

namespace Harness.Engine.Backup;

/// <summary>A segment identified and mostly encoded, ready to be packed. Owns its rented buffer until <see cref="Release"/>.</summary>
internal sealed class PreparedSegment
{
    private byte[]? _rented;

    private PreparedSegment(Hash256 id, ReadOnlySpan<byte> raw)
    {
        Id = id;
        RawBytes = raw.Length;
        _rented = ArrayPool<byte>.Shared.Rent(raw.Length);
    }

    public Hash256 Id { get; }

    public int RawBytes { get; }

    /// <summary>Whether it can be packed. Not yet when the vault probably has it: then the buffer holds the bytes as they are.</summary>
    public bool IsEncoded { get; private set; }

    public byte Codec { get; private set; }

    public ReadOnlyMemory<byte> Encoded { get; private set; }

    /// <summary>
    /// Identifies the bytes and, unless the vault probably has them, encodes them into a rented buffer. Pure but for the
    /// buffer; safe on any thread. Without a filter nothing counts as known.
    /// </summary>
    public static PreparedSegment Of(KeyRing keys, ReadOnlySpan<byte> raw, SegmentFilter? filter)
    {
        var prepared = new PreparedSegment(keys.SegmentId(raw), raw);
        if (filter is not null && filter.MayContain(prepared.Id))
        {
            raw.CopyTo(prepared._rented);
        }
        else
        {
            prepared.Encode(raw, prepared._rented!);
        }

        return prepared;
    }

    /// <summary>Encodes what was left as it is; to be called when the vault turns out not to have it.</summary>
    public PreparedSegment Encode()
    {
        var raw = _rented!;
        var buffer = ArrayPool<byte>.Shared.Rent(RawBytes);
        Encode(raw.AsSpan(0, RawBytes), buffer);
        _rented = buffer;
        ArrayPool<byte>.Shared.Return(raw);
        return this;
    }

    public void Release()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Encode(ReadOnlySpan<byte> raw, byte[] buffer)
    {
        var (codec, length) = SegmentCodec.Encode(raw, buffer);
        if (codec == SegmentCodec.Stored)
        {
            raw.CopyTo(buffer);
            length = raw.Length;
        }

        Codec = codec;
        Encoded = buffer.AsMemory(0, length);
        IsEncoded = true;
    }
}
