using System.Buffers.Binary;
using System.Text;

namespace Harness.Scenarios.Searches.SecondReader;

/// <summary>The primitive forms of FORMAT.md section 1.</summary>
internal sealed class Wire(byte[] bytes)
{
    private int _at;

    public bool AtEnd => _at == bytes.Length;

    public byte U8() => Raw(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Raw(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));

    public string Hex(int count) => Convert.ToHexStringLower(Raw(count));

    public byte[] Raw(int count)
    {
        if (count > bytes.Length - _at)
        {
            throw new InvalidDataException("shorter than stated");
        }

        var raw = bytes[_at..(_at + count)];
        _at += count;
        return raw;
    }

    public ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = U8();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    public long Number() => checked((long)VarInt());

    public long ZigZag()
    {
        var value = VarInt();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public byte[] Bytes() => Raw((int)Number());

    public string Text() => Encoding.UTF8.GetString(Bytes());
}
