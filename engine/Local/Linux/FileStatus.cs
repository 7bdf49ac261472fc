using Harness.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>What statx tells of one file. Immutable.</summary>
internal readonly struct FileStatus
{
    private const uint TypeMask = 0xf000;

    private readonly StatXBuffer _raw;

    private FileStatus(StatXBuffer raw) => _raw = raw;

    internal ulong Inode => _raw.Inode;

    internal (uint Major, uint Minor) Device => (_raw.DevMajor, _raw.DevMinor);

    /// <summary>The same for two names of one file only.</summary>
    internal UInt128 Identity => new(((ulong)Device.Major << 32) | Device.Minor, Inode);

    internal long SizeBytes => checked((long)_raw.Size);

    /// <summary>Blocks are units of 512 bytes whatever the file system uses.</summary>
    internal long AllocatedBytes => checked((long)_raw.Blocks * 512);

    internal uint LinkCount => Math.Max(1, _raw.LinkCount);

    /// <summary>Permission bits with set-user-id, set-group-id and sticky.</summary>
    internal uint Permissions => _raw.Mode & 0xfffu;

    internal uint Uid => _raw.Uid;

    internal uint Gid => _raw.Gid;

    internal bool IsRegular => (_raw.Mode & TypeMask) == 0x8000;

    internal bool IsDirectory => (_raw.Mode & TypeMask) == 0x4000;

    internal bool IsSymbolicLink => (_raw.Mode & TypeMask) == 0xa000;

    internal bool IsCompressed => (_raw.Attributes & StatXBuffer.AttributeCompressed) != 0;

    internal bool IsEncrypted => (_raw.Attributes & StatXBuffer.AttributeEncrypted) != 0;

    /// <summary>Root of a mount; false on kernels before 5.8, which do not say.</summary>
    internal bool IsMountRoot =>
        (_raw.Attributes & _raw.AttributesMask & StatXBuffer.AttributeMountRoot) != 0;

    internal Timestamp Modified => ToTimestamp(_raw.Modified);

    internal Timestamp Changed => ToTimestamp(_raw.Changed);

    internal EntryTimes Times => new(
        _raw.HasBirth ? ToTimestamp(_raw.Birth) : null, Modified, Changed, ToTimestamp(_raw.Accessed));

    /// <summary>Looks at a name in a directory without following links; false leaves the reason in <see cref="Errno.Last"/>.</summary>
    internal static unsafe bool TryGet(SafeFileHandle directory, byte* name, out FileStatus status)
    {
        StatXBuffer buffer;
        const int flags = NativeMethods.AtSymlinkNoFollow | NativeMethods.AtNoAutomount;
        var done = NativeMethods.StatX(directory, name, flags, StatXBuffer.BasicAndBirth, &buffer) == 0;
        status = done ? new FileStatus(buffer) : default;
        return done;
    }

    /// <inheritdoc cref="TryGet(SafeFileHandle, byte*, out FileStatus)"/>
    internal static unsafe bool TryGet(SafeFileHandle directory, string name, out FileStatus status, bool follow = false)
    {
        StatXBuffer buffer;
        var flags = (follow ? 0 : NativeMethods.AtSymlinkNoFollow) | NativeMethods.AtNoAutomount;
        var done = NativeMethods.StatX(directory, name, flags, StatXBuffer.BasicAndBirth, &buffer) == 0;
        status = done ? new FileStatus(buffer) : default;
        return done;
    }

    /// <summary>Looks at an open file.</summary>
    internal static unsafe bool TryGet(SafeFileHandle handle, out FileStatus status)
    {
        StatXBuffer buffer;
        var done = NativeMethods.StatX(handle, "", NativeMethods.AtEmptyPath, StatXBuffer.BasicAndBirth, &buffer) == 0;
        status = done ? new FileStatus(buffer) : default;
        return done;
    }

    /// <summary>Whether both are the same file on the same device.</summary>
    internal bool IsSameFile(in FileStatus other) => Inode == other.Inode && Device == other.Device;

    private static Timestamp ToTimestamp(StatXBuffer.StatXTime time) => new(time.Seconds, (int)time.Nanoseconds);
}
