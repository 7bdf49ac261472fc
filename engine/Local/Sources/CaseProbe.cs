using Harness.Engine.Local.Linux;

namespace Harness.Engine.Local.Sources;

/// <summary>Finds out by evidence whether a directory tells names apart by case. Never writes.</summary>
internal static unsafe class CaseProbe
{
    private const int CaseFoldFlag = 0x40000000;
    private const int MaxNames = 64;

    internal static (bool IsCaseSensitive, string Evidence) Find(SourceRoot root)
    {
        if (root.IsNtfs)
        {
            return (false,
                $"NTFS compares names without case; that {NtfsMount.DisplayName(root.Mount!)} shows a POSIX name space on top "
                + "is a property of the driver, not of the volume");
        }

        return ByLookup(root) ?? FromType(root.Mount?.FileSystemType ?? "unknown");
    }

    /// <summary>What the file system itself shows, whatever its type; null when there is no name to try.</summary>
    internal static (bool IsCaseSensitive, string Evidence)? ByLookup(SourceRoot root) =>
        FromContent(root) ?? FromFlag(root) ?? FromOwnName(root);

    private static (bool IsCaseSensitive, string Evidence)? FromContent(SourceRoot root)
    {
        var items = new List<DirectoryItem>();
        _ = DirectoryReader.Read(root.Handle, items);
        var names = items.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var item in items.Where(item => item.Error == 0).Take(MaxNames))
        {
            var swapped = SwapCase(item.Name);
            if (swapped == item.Name)
            {
                continue;
            }

            if (names.Contains(swapped))
            {
                return (true, $"it holds both '{item.Name}' and '{swapped}'");
            }

            return Compare(root.Handle, item.Name, item.Status, swapped);
        }

        return null;
    }

    private static (bool IsCaseSensitive, string Evidence)? FromFlag(SourceRoot root)
    {
        // FS_IOC_GETFLAGS: the same number on x64 and arm64.
        int flags;
        return NativeMethods.IoCtl(root.Handle, 0x80086601, &flags) == 0 && (flags & CaseFoldFlag) != 0
            ? (false, "the directory has the case-folding flag")
            : null;
    }

    private static (bool IsCaseSensitive, string Evidence)? FromOwnName(SourceRoot root)
    {
        var path = new DirectoryInfo(root.DisplayPath);
        if (path.Parent is null || root.Status.IsMountRoot || SwapCase(path.Name) == path.Name)
        {
            return null;
        }

        using var parent = LinuxFile.TryOpen(
            NativeMethods.AtCurrent, path.Parent.FullName, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (parent is null
            || !FileStatus.TryGet(parent, out var parentStatus)
            || parentStatus.Device != root.Status.Device
            || !FileStatus.TryGet(parent, path.Name, out var own)
            || own.IsSymbolicLink)
        {
            return null;
        }

        return Compare(parent, path.Name, own, SwapCase(path.Name));
    }

    private static (bool IsCaseSensitive, string Evidence) FromType(string type) => type is "vfat" or "msdos" or "exfat"
        ? (false, $"{type} compares names without case")
        : (true, $"there is no name to try, and {type} tells names apart by case unless told otherwise");

    private static (bool IsCaseSensitive, string Evidence)? Compare(
        Microsoft.Win32.SafeHandles.SafeFileHandle directory, string name, in FileStatus status, string swapped)
    {
        if (FileStatus.TryGet(directory, swapped, out var other))
        {
            return other.IsSameFile(status)
                ? (false, $"'{swapped}' finds '{name}'")
                : (true, $"'{swapped}' and '{name}' are two files");
        }

        return Errno.Last == Errno.NoEntry ? (true, $"'{swapped}' does not find '{name}'") : null;
    }

    /// <summary>Swaps the case of ASCII letters: file systems disagree only beyond them.</summary>
    internal static string SwapCase(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetter(source[i]) ? (char)(source[i] ^ 0x20) : source[i];
        }
    });
}
