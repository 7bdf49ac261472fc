using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>The opened root directory of a source and the mount it lies on.</summary>
internal sealed class SourceRoot : IDisposable
{
    private SourceRoot(string path, SafeFileHandle handle, FileStatus status)
    {
        DisplayPath = path;
        Handle = handle;
        Status = status;
        Mount = MountPoint.Of(handle);
        IsNtfs = NtfsMount.IsNtfs(handle, Mount);
    }

    /// <summary>The path as the user gave it, made absolute.</summary>
    internal string DisplayPath { get; }

    internal SafeFileHandle Handle { get; }

    internal FileStatus Status { get; }

    /// <summary>Null where /proc is not mounted.</summary>
    internal MountPoint? Mount { get; }

    internal bool IsNtfs { get; }

    /// <summary>Opens a directory; SourceNotFound when there is none, FileInaccessible when it may not be read.</summary>
    internal static SourceRoot Open(string path)
    {
        const int flags = OpenFlags.ReadOnly | OpenFlags.NonBlocking;
        var handle = LinuxFile.TryOpen(NativeMethods.AtCurrent, path, flags | OpenFlags.Directory);
        if (handle is null)
        {
            throw Refuse(path, Errno.Last);
        }

        if (!FileStatus.TryGet(handle, out var status))
        {
            var errno = Errno.Last;
            handle.Dispose();
            throw Refuse(path, errno);
        }

        return new SourceRoot(path, handle, status);
    }

    /// <summary>Whether the path still leads to the directory that was opened.</summary>
    internal bool IsStillThere() =>
        FileStatus.TryGet(NativeMethods.AtCurrent, DisplayPath, out var now, follow: true) && now.IsSameFile(Status);

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static BackupException Refuse(string path, int errno) => errno switch
    {
        Errno.NoEntry => new BackupException(
            ErrorCode.SourceNotFound, $"The source '{path}' does not exist.", "Check the path."),
        Errno.NotDirectory => new BackupException(
            ErrorCode.SourceNotFound,
            $"The source '{path}' is not a directory.",
            "Name the directory that holds it; single files are not protected on their own."),
        Errno.Access or Errno.Perm => new BackupException(
            ErrorCode.FileInaccessible,
            $"The source '{path}' may not be read: {Errno.Describe(errno)}.",
            "Run as a user who may list the directory."),
        _ => new BackupException(
            ErrorCode.SourceNotFound, $"The source '{path}' cannot be opened: {Errno.Describe(errno)}.", "Check the path."),
    };
}
