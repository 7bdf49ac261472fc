using System.Buffers.Binary;

namespace Harness.Simulator.Volume;

/// <summary>Reparse tags by the names of MS-FSCC 2.1.2.1, without IO_REPARSE_TAG_.</summary>
public static class ReparseTags
{
    /// <summary>IO_REPARSE_TAG_MOUNT_POINT: a junction or volume mount point; directories only.</summary>
    public const uint MountPoint = 0xA0000003;

    /// <summary>IO_REPARSE_TAG_SYMLINK.</summary>
    public const uint SymbolicLink = 0xA000000C;

    /// <summary>A directory with this bit in its tag may have children (MS-FSCC 2.1.2.1, bit D).</summary>
    public const uint DirectoryBit = 0x10000000;

    /// <summary>IO_REPARSE_TAG_LX_SYMLINK: a symbolic link of the Linux subsystem.</summary>
    public const uint LxSymbolicLink = 0xA000001D;

    /// <summary>IO_REPARSE_TAG_NFS: a link, device, pipe or socket of an NFS server.</summary>
    public const uint Nfs = 0x80000014;

    /// <summary>IO_REPARSE_TAG_AF_UNIX: a socket; has no data.</summary>
    public const uint UnixSocket = 0x80000023;

    /// <summary>Most bytes of a reparse point with its header (MAXIMUM_REPARSE_DATA_BUFFER_SIZE).</summary>
    public const int MaxBufferBytes = 16 * 1024;

    /// <summary>Bytes before the data of a Microsoft tag (REPARSE_DATA_BUFFER, MS-FSCC 2.1.2.2).</summary>
    public const int HeaderBytes = 8;

    /// <summary>Bytes before the data of any other tag (REPARSE_GUID_DATA_BUFFER, MS-FSCC 2.1.2.3).</summary>
    public const int GuidHeaderBytes = 24;

    /// <summary>Most bytes of data of a Microsoft tag.</summary>
    public const int MaxDataBytes = MaxBufferBytes - HeaderBytes;

    /// <summary>Bits that a tag may have: the four flags and 16 bits of value (IsReparseTagValid).</summary>
    private const uint ValidBits = 0xF000FFFF;

    private const uint MicrosoftBit = 0x80000000;
    private const uint SurrogateBit = 0x20000000;
    private const ulong NfsLink = 0x00000000014B4E4C;

    private static readonly Dictionary<string, uint> Known = new(StringComparer.Ordinal)
    {
        ["MOUNT_POINT"] = MountPoint,
        ["SYMLINK"] = SymbolicLink,
        ["HSM"] = 0xC0000004,
        ["SIS"] = 0x80000007,
        ["WIM"] = 0x80000008,
        ["DFS"] = 0x8000000A,
        ["DEDUP"] = 0x80000013,
        ["NFS"] = Nfs,
        ["WOF"] = 0x80000017,
        ["WCI"] = 0x80000018,
        ["WCI_1"] = 0x90001018,
        ["CLOUD"] = 0x9000001A,
        ["APPEXECLINK"] = 0x8000001B,
        ["PROJFS"] = 0x9000001C,
        ["LX_SYMLINK"] = LxSymbolicLink,
        ["ONEDRIVE"] = 0x80000021,
        ["AF_UNIX"] = UnixSocket,
        ["LX_FIFO"] = 0x80000024,
        ["LX_CHR"] = 0x80000025,
        ["LX_BLK"] = 0x80000026,
    };

    /// <summary>The names that <see cref="TryParse"/> knows, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A tag from its name or from hexadecimal digits after 0x; false when it is neither.</summary>
    public static bool TryParse(string text, out uint tag)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Known.TryGetValue(text, out tag)
            || (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                && uint.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.HexNumber, null, out tag));
    }

    /// <summary>The name of a tag, or its hexadecimal form.</summary>
    public static string NameOf(uint tag)
    {
        foreach (var name in Names)
        {
            if (Known[name] == tag)
            {
                return name;
            }
        }

        return $"0x{tag:X8}";
    }

    /// <summary>Whether a tag is Microsoft's (bit M); others have a GUID beside them.</summary>
    public static bool IsMicrosoft(uint tag) => (tag & MicrosoftBit) != 0;

    /// <summary>Whether a file with the tag stands for another one (bit N), as links do.</summary>
    public static bool IsNameSurrogate(uint tag) => (tag & SurrogateBit) != 0;

    /// <summary>
    /// Reparse data to a target: of a symbolic link or mount point (MS-FSCC 2.1.2.4 and 2.1.2.5), of a link of NFS (2.1.2.6) or of
    /// the Linux subsystem, none for its devices, pipes and sockets; for other tags the target as UTF-16.
    /// </summary>
    public static byte[] DataFor(uint tag, string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var name = System.Text.Encoding.Unicode.GetBytes(target);
        switch (tag)
        {
            case SymbolicLink:
                return [.. Offsets(0, name.Length, name.Length, name.Length), 0, 0, 0, 0, .. name, .. name];
            case MountPoint:
                return [.. Offsets(0, name.Length, name.Length + 2, name.Length), .. name, 0, 0, .. name, 0, 0];
            case LxSymbolicLink:
                return [2, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(target)];
            case Nfs:
                return [.. BitConverter.GetBytes(NfsLink), .. name];
            default:
                return HasNoData(tag) ? [] : name;
        }
    }

    /// <summary>
    /// Why no file system takes a reparse point (STATUS_IO_REPARSE_TAG_INVALID, STATUS_IO_REPARSE_DATA_INVALID;
    /// FsRtlValidateReparsePointBuffer); null when it is well-formed.
    /// </summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="data">Its data, without header and GUID.</param>
    /// <param name="guid">Its owner; for a Microsoft tag none.</param>
    public static string? WhyInvalid(uint tag, ReadOnlySpan<byte> data, Guid guid = default)
    {
        var most = MaxBufferBytes - (IsMicrosoft(tag) ? HeaderBytes : GuidHeaderBytes);
        return tag <= 1 ? $"reparse tag {tag} is reserved"
            : (tag & ~ValidBits) != 0 ? $"0x{tag:X8} is no reparse tag: its bits 16 to 27 are reserved"
            : data.Length > most ? $"reparse data has at most {most} bytes: {MaxBufferBytes} with its header"
            : IsMicrosoft(tag) && guid != Guid.Empty ? $"the tag {NameOf(tag)} is Microsoft's and has no GUID"
            : !IsMicrosoft(tag) && guid == Guid.Empty
                ? $"the tag {NameOf(tag)} is not Microsoft's and needs the GUID of its owner (REPARSE_GUID_DATA_BUFFER)"
            : HasNoData(tag) && data.Length > 0 ? $"a reparse point {NameOf(tag)} has no data"
            : tag == MountPoint ? WhyNoMountPoint(data)
            : tag == SymbolicLink ? WhyNoSymbolicLink(data)
            : null;
    }

    private static bool HasNoData(uint tag) => tag is >= UnixSocket and <= UnixSocket + 3;

    private static byte[] Offsets(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 2), (ushort)values[i]);
        }

        return bytes;
    }

    /// <summary>Two names, the substitute first, each with a null character behind it, and nothing else.</summary>
    private static string? WhyNoMountPoint(ReadOnlySpan<byte> data)
    {
        if (data.Length < 8)
        {
            return "the data of a mount point is malformed: four lengths are missing (MS-FSCC 2.1.2.5)";
        }

        var (from, length) = (BinaryPrimitives.ReadUInt16LittleEndian(data), BinaryPrimitives.ReadUInt16LittleEndian(data[2..]));
        var print = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        var printLength = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]);
        return from != 0 || print != length + 2 || data.Length != 8 + length + printLength + 4 || length % 2 != 0
            ? "the data of a mount point is malformed: substitute name at 0, print name behind its null character, and the length "
                + "of both and their null characters (MS-FSCC 2.1.2.5)"
            : null;
    }

    private static string? WhyNoSymbolicLink(ReadOnlySpan<byte> data)
    {
        const int Header = 12;
        if (data.Length < Header)
        {
            return "the data of a symbolic link is malformed: four lengths and flags are missing (MS-FSCC 2.1.2.4)";
        }

        for (var at = 0; at < 8; at += 4)
        {
            var from = BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 2)..]);
            if (from % 2 != 0 || length % 2 != 0 || Header + from + length > data.Length)
            {
                return $"the data of a symbolic link is malformed: its {(at == 0 ? "substitute" : "print")} name is out of "
                    + "bounds (MS-FSCC 2.1.2.4)";
            }
        }

        return null;
    }
}
