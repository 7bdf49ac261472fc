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

    /// <summary>Most bytes of reparse data (MAXIMUM_REPARSE_DATA_BUFFER_SIZE).</summary>
    public const int MaxDataBytes = 16 * 1024;

    private static readonly Dictionary<string, uint> Known = new(StringComparer.Ordinal)
    {
        ["MOUNT_POINT"] = MountPoint,
        ["SYMLINK"] = SymbolicLink,
        ["HSM"] = 0xC0000004,
        ["SIS"] = 0x80000007,
        ["WIM"] = 0x80000008,
        ["DFS"] = 0x8000000A,
        ["DEDUP"] = 0x80000013,
        ["NFS"] = 0x80000014,
        ["WOF"] = 0x80000017,
        ["WCI"] = 0x80000018,
        ["WCI_1"] = 0x90001018,
        ["CLOUD"] = 0x9000001A,
        ["APPEXECLINK"] = 0x8000001B,
        ["PROJFS"] = 0x9000001C,
        ["LX_SYMLINK"] = 0xA000001D,
        ["ONEDRIVE"] = 0x80000021,
        ["AF_UNIX"] = 0x80000023,
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

    /// <summary>
    /// Reparse data of a symbolic link or mount point to a target (MS-FSCC 2.1.2.4 and 2.1.2.5); for other tags the target
    /// as UTF-16.
    /// </summary>
    public static byte[] DataFor(uint tag, string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var name = System.Text.Encoding.Unicode.GetBytes(target);
        if (tag is not (SymbolicLink or MountPoint))
        {
            return name;
        }

        var header = tag == SymbolicLink ? 12 : 8;
        var data = new byte[header + (2 * name.Length)];
        var lengths = new[] { 0, name.Length, name.Length, name.Length };
        for (var i = 0; i < lengths.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 2), (ushort)lengths[i]);
        }

        name.CopyTo(data, header);
        name.CopyTo(data, header + name.Length);
        return data;
    }
}
