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
    /// Identifies the bytes and, unless the vault has them, encodes them into a rented buffer. Pure but for the buffer; safe on
    /// any thread while the index only is read. Without an index (a file that is sent whole) nothing counts as known.
    /// </summary>
    public static PreparedSegment Of(KeyRing keys, ReadOnlySpan<byte> raw, SegmentIndex? index)
    {
        var id = keys.SegmentId(raw);
        if (index is not null && index.Contains(id))
        {
            return new PreparedSegment(id, raw.Length, isKnown: true);
        }

        var prepared = new PreparedSegment(id, raw.Length, isKnown: false) { _rented = ArrayPool<byte>.Shared.Rent(raw.Length) };
        var (codec, length) = SegmentCodec.Encode(raw, prepared._rented);
        if (codec == SegmentCodec.Stored)
        {
            raw.CopyTo(prepared._rented);
            length = raw.Length;
        }

        prepared.Codec = codec;
        prepared.Encoded = prepared._rented.AsMemory(0, length);
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
