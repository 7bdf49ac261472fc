using System.Buffers.Binary;

namespace Harness.Engine.Format;

/// <summary>
/// Reads the primitive forms of FORMAT.md section 1. Whatever does not fit throws <see cref="InvalidDataException"/>, before
/// anything of a claimed size is allocated; the caller turns that into VaultBlobDamaged with the blob's name.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    public byte U8() => Raw(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Raw(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));

    public Hash256 Hash() => new(Raw(Hash256.Size));

    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new InvalidDataException($"{count} bytes expected, {_rest.Length} left");
        }

        var result = _rest[..count];
        _rest = _rest[count..];
        return result;
    }

    public ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = U8();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is longer than 64 bits");
    }

    /// <summary>A varint that must lie in 0..limit.</summary>
    public long Count(long limit)
    {
        var value = VarInt();
        return value <= (ulong)limit ? (long)value : throw new InvalidDataException($"{value} is more than {limit}");
    }

    public long ZigZag()
    {
        var value = VarInt();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public ReadOnlySpan<byte> Bytes(int limit = FormatLimits.TextBytes) => Raw((int)Count(limit));

    public string Text() => WireText.Decode(Bytes());

    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new InvalidDataException($"{_rest.Length} bytes too many");
        }
    }
}
