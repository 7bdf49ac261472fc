using System.Buffers.Binary;
using System.Text;

namespace Harness.Tests.Support;

/// <summary>Reparse data as NTFS stores it (MS-FSCC 2.1.2).</summary>
internal static class ReparseBuffers
{
    internal static byte[] Junction(string target) => Link(0xA0000003, target, flags: null);

    internal static byte[] SymbolicLink(string target) => Link(0xA000000C, target, flags: 1);

    /// <summary>A tag of Microsoft with opaque data.</summary>
    internal static byte[] Opaque(uint tag, int dataBytes = 8)
    {
        var buffer = new byte[8 + dataBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)dataBytes);
        return buffer;
    }

    /// <summary>A tag of Microsoft with its data.</summary>
    internal static byte[] Of(uint tag, ReadOnlySpan<byte> data)
    {
        var buffer = Opaque(tag, data.Length);
        data.CopyTo(buffer.AsSpan(8));
        return buffer;
    }

    /// <summary>A tag of somebody else: a GUID says whose.</summary>
    internal static byte[] ThirdParty(uint tag, Guid owner, int dataBytes = 8)
    {
        var buffer = new byte[24 + dataBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)dataBytes);
        _ = owner.TryWriteBytes(buffer.AsSpan(8));
        return buffer;
    }

    private static byte[] Link(uint tag, string target, uint? flags)
    {
        var isJunction = flags is null;
        var substitute = Encoding.Unicode.GetBytes(isJunction ? @"\??\" + target : target);
        var print = Encoding.Unicode.GetBytes(target);
        var gap = isJunction ? 2 : 0;
        var header = isJunction ? 8 : 12;
        var dataBytes = header + substitute.Length + gap + print.Length + gap;
        var buffer = new byte[8 + dataBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)dataBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(10), (ushort)substitute.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(12), (ushort)(substitute.Length + gap));
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(14), (ushort)print.Length);
        if (flags is { } value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(16), value);
        }

        substitute.CopyTo(buffer, 8 + header);
        print.CopyTo(buffer, 8 + header + substitute.Length + gap);
        return buffer;
    }
}
