using System.Buffers.Binary;
using Harness.Engine.Local.Linux;
using Harness.Tests.Support;

namespace Harness.Tests.Oracle;

/// <summary>The real side: the same operations as system calls on a volume that ntfs-3g mounts.</summary>
internal sealed class NtfsSubject : IDisposable
{
    private const string Options =
        "streams_interface=windows,compression,efs_raw,permissions,noatime,entry_timeout=0,attr_timeout=0,negative_timeout=0";

    private readonly NtfsVolume _volume;
    private bool _isStale;

    public NtfsSubject()
    {
        _volume = NtfsVolume.Create(512 << 20);
        _volume.Remount(options: Options);
    }

    /// <summary>The mount point.</summary>
    public string Root => _volume.Root;

    /// <summary>The image, for witnesses after <see cref="Unmount"/>.</summary>
    public string ImagePath => _volume.ImagePath;

    /// <summary>Does one operation; the system's words when it fails, null when it is done.</summary>
    public string? Apply(OracleOperation operation)
    {
        Refresh();
        var errno = Do(operation, _volume.At(operation.Path));
        if (errno == Errno.NoEntry && operation is { IsStream: true, Kind: OracleKind.Write })
        {
            // The kernel remembers a stream that went together with its file or under another name of it, and refuses to make it.
            Refresh(always: true);
            errno = Do(operation, _volume.At(operation.Path));
        }

        return errno == 0 ? null : Errno.Describe(errno);
    }

    /// <summary>
    /// Mounts again after a reparse point came or went: the kernel keeps the type under which it first saw a file and answers
    /// with an I/O error otherwise.
    /// </summary>
    public void Refresh(bool always = false)
    {
        if (_isStale || always)
        {
            _volume.Remount(options: Options);
            _isStale = false;
        }
    }

    public void Unmount() => _volume.Unmount();

    public void Dispose() => _volume.Dispose();

    private int Do(OracleOperation operation, string path)
    {
        switch (operation.Kind)
        {
            case OracleKind.Create:
                return WithFile(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, _ => 0);
            case OracleKind.MakeDirectory:
                return NativeMethods.MkDirAt(NativeMethods.AtCurrent, path, 0x1ff) == 0 ? 0 : Errno.Last;
            case OracleKind.Write:
            case OracleKind.Append:
                return Write(operation, path);
            case OracleKind.Truncate:
                return WithFile(
                    path, OpenFlags.WriteOnly, file => NativeMethods.FTruncate(file, operation.Length) == 0 ? 0 : Errno.Last);
            case OracleKind.Delete:
                return Delete(path);
            case OracleKind.Rename:
                return Rename(path, _volume.At(operation.Target));
            case OracleKind.Replace:
                return Replace(path, _volume.At(operation.Target));
            case OracleKind.Link:
                return NativeMethods.LinkAt(
                    NativeMethods.AtCurrent, path, NativeMethods.AtCurrent, _volume.At(operation.Target), 0) == 0 ? 0 : Errno.Last;
            default:
                return SetMetadata(operation, path);
        }
    }

    private int SetMetadata(OracleOperation operation, string path)
    {
        switch (operation.Kind)
        {
            case OracleKind.SetAttributes:
                return SetAttributes(path, operation.Value, keep: FileAttributes.Compressed);
            case OracleKind.SetTimes:
                var (created, written, accessed) = OracleValues.Times(operation.Value);
                var times = new byte[24];
                BinaryPrimitives.WriteInt64LittleEndian(times, created);
                BinaryPrimitives.WriteInt64LittleEndian(times.AsSpan(8), written);
                BinaryPrimitives.WriteInt64LittleEndian(times.AsSpan(16), accessed);

                // The driver keeps set times until it forgets the file (KnownDifferences.TimesKept).
                _isStale |= OracleValues.ForgetsTimes(operation.Value);
                return LinuxFile.SetAttribute(path, "system.ntfs_times", times);
            case OracleKind.SetSecurity:
                return LinuxFile.SetAttribute(path, "system.ntfs_acl", OracleValues.Security(operation.Value));
            case OracleKind.SetReparse:
                _isStale = true;
                return LinuxFile.SetAttribute(path, "system.ntfs_reparse_data", OracleValues.ReparseBuffer(operation.Value));
            case OracleKind.DeleteReparse:
                _isStale = true;
                return NativeMethods.LRemoveXAttr(path, "system.ntfs_reparse_data") == 0 ? 0 : Errno.Last;
            default:
                return SetCompression(path, operation.Kind == OracleKind.Compress);
        }
    }

    private static int Write(OracleOperation operation, string path)
    {
        var flags = OpenFlags.WriteOnly | (operation is { IsStream: true, Kind: OracleKind.Write } ? OpenFlags.Create : 0);
        return WithFile(path, flags, file =>
        {
            var offset = operation.Offset;
            if (operation.Kind == OracleKind.Append)
            {
                if (!FileStatus.TryGet(file, out var status))
                {
                    return Errno.Last;
                }

                offset = status.SizeBytes;
            }

            return LinuxFile.Write(file, offset, OracleValues.Bytes(operation.Value, operation.Length));
        });
    }

    private static int WithFile(string path, int flags, Func<Microsoft.Win32.SafeHandles.SafeFileHandle, int> use)
    {
        using var file = LinuxFile.TryOpen(NativeMethods.AtCurrent, path, flags | OpenFlags.NoFollow | OpenFlags.NonBlocking, 0x1b6);
        return file is null ? Errno.Last : use(file);
    }

    private static int Delete(string path)
    {
        var isDirectory = FileStatus.TryGet(NativeMethods.AtCurrent, path, out var status) && status.IsDirectory;
        return NativeMethods.UnlinkAt(
            NativeMethods.AtCurrent, path, isDirectory ? NativeMethods.AtRemoveDirectory : 0) == 0 ? 0 : Errno.Last;
    }

    /// <summary>MoveFile refuses a name that exists; rename(2) replaces it.</summary>
    private static int Rename(string path, string target) =>
        path != target && FileStatus.TryGet(NativeMethods.AtCurrent, target, out _) ? Errno.Exists : Move(path, target);

    /// <summary>rename(2) between two names of one file does nothing; MoveFileEx takes the first name away.</summary>
    private static int Replace(string path, string target)
    {
        if (path != target && FileStatus.TryGet(NativeMethods.AtCurrent, target, out var old))
        {
            if (!FileStatus.TryGet(NativeMethods.AtCurrent, path, out var moved))
            {
                return Errno.Last;
            }

            if (old.IsDirectory || moved.IsDirectory)
            {
                return Errno.Exists;
            }

            if (moved.IsSameFile(old))
            {
                _ = Delete(target);
            }
        }

        return Move(path, target);
    }

    private static int Move(string path, string target) =>
        NativeMethods.RenameAt(NativeMethods.AtCurrent, path, NativeMethods.AtCurrent, target) == 0 ? 0 : Errno.Last;

    private static int SetCompression(string path, bool isCompressed) =>
        !FileStatus.TryGet(NativeMethods.AtCurrent, path, out _) ? Errno.Last
            : TryGetAttributes(path) is not { } attributes ? Errno.Last
            : SetAttributes(path, isCompressed ? attributes | 0x800 : attributes & ~0x800u, keep: FileAttributes.None);

    private static int SetAttributes(string path, uint attributes, FileAttributes keep)
    {
        if (TryGetAttributes(path) is not { } present)
        {
            return Errno.Last;
        }

        var value = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, attributes | (present & (uint)keep));
        return LinuxFile.SetAttribute(path, "system.ntfs_attrib", value);
    }

    private static uint? TryGetAttributes(string path)
    {
        Span<byte> value = stackalloc byte[4];
        return LinuxFile.TryGetFixedAttribute(path, "system.ntfs_attrib", value)
            ? BinaryPrimitives.ReadUInt32LittleEndian(value)
            : null;
    }
}
