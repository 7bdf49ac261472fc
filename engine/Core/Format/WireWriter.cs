using System.Buffers.Binary;

namespace Harness.Engine.Format;

/// <summary>Appends the primitive forms of FORMAT.md section 1 to a growing buffer.</summary>
internal sealed class WireWriter(int capacity = 256)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>As <see cref="Written"/>, valid until more is written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public byte[] ToArray() => Written.ToArray();

    public void U8(byte value) => Reserve(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void Hash(Hash256 value) => value.CopyTo(Reserve(Hash256.Size));

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void VarInt(ulong value)
    {
        while (value >= 0x80)
        {
            U8((byte)(value & 0x7F | 0x80));
            value >>= 7;
        }

        U8((byte)value);
    }

    public void VarInt(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        VarInt((ulong)value);
    }

    public void ZigZag(long value) => VarInt(unchecked((ulong)((value << 1) ^ (value >> 63))));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        VarInt((ulong)bytes.Length);
        Raw(bytes);
    }

    public void Text(string text) => Bytes(WireText.Encode(text));

    /// <summary>Room for bytes that the caller fills at once.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
