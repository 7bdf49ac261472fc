using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>Recognises NTFS behind a mount.</summary>
internal static class NtfsMount
{
    /// <summary>
    /// Whether the directory lies on NTFS. FUSE hides the type (fuse, fuseblk), so that the driver is asked for something
    /// that only NTFS has.
    /// </summary>
    internal static bool IsNtfs(SafeFileHandle directory, MountPoint? mount)
    {
        if (mount is null)
        {
            return false;
        }

        var type = mount.FileSystemType;
        if (type is "ntfs" or "ntfs3")
        {
            return true;
        }

        return (type is "fuse" or "fuseblk" || type.StartsWith("fuse.ntfs", StringComparison.Ordinal))
            && LinuxFile.HasAttribute(directory, NtfsAttributeNames.Attributes);
    }

    /// <summary>The file system for people.</summary>
    internal static string DisplayName(MountPoint mount) =>
        mount.FileSystemType is "ntfs" or "ntfs3" ? $"NTFS ({mount.FileSystemType})" : "NTFS (ntfs-3g)";
}

/// <summary>The extended attributes by which the NTFS drivers of Linux show what POSIX has no word for.</summary>
internal static class NtfsAttributeNames
{
    /// <summary>FILE_ATTRIBUTE_* bits, 4 bytes little-endian.</summary>
    internal const string Attributes = "system.ntfs_attrib";

    /// <summary>Created, written, accessed, changed (the last only when reading): FILETIMEs, little-endian.</summary>
    internal const string Times = "system.ntfs_times";

    /// <summary>Reparse data, the tag first.</summary>
    internal const string ReparseData = "system.ntfs_reparse_data";

    /// <summary>The $EFS attribute.</summary>
    internal const string EfsInfo = "system.ntfs_efsinfo";

    /// <summary>Self-relative security descriptor.</summary>
    internal const string Acl = "system.ntfs_acl";

    /// <summary>The 8.3 name, when there is one.</summary>
    internal const string DosName = "system.ntfs_dos_name";

    /// <summary>The object id: 16 bytes, or 64 with its birth.</summary>
    internal const string ObjectId = "system.ntfs_object_id";

    /// <summary>Extended attributes of NTFS as a list of FILE_FULL_EA_INFORMATION.</summary>
    internal const string ExtendedAttributes = "system.ntfs_ea";

    /// <summary>Names of the named streams, separated by NUL.</summary>
    internal const string StreamList = "ntfs.streams.list";
}
