using System.Buffers.Binary;
using System.Text;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Capture;

/// <summary>Takes the names out of reparse data: targets of links are scrubbed as paths, other data becomes zeros of its length.</summary>
internal static class ReparseScrubber
{
    private const uint MicrosoftBit = 0x80000000;
    private const int GuidBytes = 16;

    public static byte[] Scrub(uint tag, ReadOnlySpan<byte> data, NameScrubber names)
    {
        if (tag is ReparseTags.SymbolicLink or ReparseTags.MountPoint && TryLink(tag, data, names) is { } link)
        {
            return link;
        }

        var zeros = new byte[data.Length];
        if ((tag & MicrosoftBit) == 0 && data.Length >= GuidBytes)
        {
            data[..GuidBytes].CopyTo(zeros);
        }

        return zeros;
    }

    /// <summary>
    /// A link with both its names scrubbed and its flags as they are (MS-FSCC 2.1.2.4 and 2.1.2.5); null when the data holds none.
    /// </summary>
    private static byte[]? TryLink(uint tag, ReadOnlySpan<byte> data, NameScrubber names)
    {
        var header = tag == ReparseTags.SymbolicLink ? 12 : 8;
        if (TryName(data, header, 0) is not { } substitute || TryName(data, header, 4) is not { } print)
        {
            return null;
        }

        var (first, second) = (Encoding.Unicode.GetBytes(names.Path(substitute)), Encoding.Unicode.GetBytes(names.Path(print)));

        // The names of a mount point end in a null character each, those of a symbolic link do not.
        var end = tag == ReparseTags.MountPoint ? sizeof(char) : 0;
        var link = new byte[header + first.Length + second.Length + (2 * end)];
        if (link.Length > ReparseTags.MaxDataBytes)
        {
            return null;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(link.AsSpan(2), (ushort)first.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(link.AsSpan(4), (ushort)(first.Length + end));
        BinaryPrimitives.WriteUInt16LittleEndian(link.AsSpan(6), (ushort)second.Length);
        data[8..header].CopyTo(link.AsSpan(8));
        first.CopyTo(link, header);
        second.CopyTo(link, header + first.Length + end);
        return link;
    }

    private static string? TryName(ReadOnlySpan<byte> data, int header, int at)
    {
        if (data.Length < header)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 2)..]);
        return header + offset + length <= data.Length
            ? Encoding.Unicode.GetString(data.Slice(header + offset, length))
            : null;
    }
}
