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
        if (tag is ReparseTags.SymbolicLink or ReparseTags.MountPoint && TryTarget(tag, data) is { } target)
        {
            return ReparseTags.DataFor(tag, names.Path(target));
        }

        var zeros = new byte[data.Length];
        if ((tag & MicrosoftBit) == 0 && data.Length >= GuidBytes)
        {
            data[..GuidBytes].CopyTo(zeros);
        }

        return zeros;
    }

    /// <summary>The substitute name (MS-FSCC 2.1.2.4 and 2.1.2.5); null when the data does not hold one.</summary>
    private static string? TryTarget(uint tag, ReadOnlySpan<byte> data)
    {
        var header = tag == ReparseTags.SymbolicLink ? 12 : 8;
        if (data.Length < header)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(data);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        return header + offset + length <= data.Length
            ? Encoding.Unicode.GetString(data.Slice(header + offset, length))
            : null;
    }
}
