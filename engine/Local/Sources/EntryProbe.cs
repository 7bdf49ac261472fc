using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Model;

namespace Harness.Engine.Local.Sources;

/// <summary>Looks at one path of a Linux machine as a source would, without walking the tree around it.</summary>
public static class EntryProbe
{
    /// <summary>
    /// The entry at a path, links not followed; its <see cref="SourceEntry.Path"/> is the last component. SourceNotFound or
    /// FileInaccessible when it cannot be looked at.
    /// </summary>
    public static SourceEntry Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        using var root = SourceRoot.Open(parent ?? full);
        var name = parent is null ? "." : Path.GetFileName(full);
        if (!FileStatus.TryGet(root.Handle, name, out var status))
        {
            throw new BackupException(
                ErrorCode.SourceNotFound, $"'{path}' cannot be looked at: {Errno.Describe(Errno.Last)}.", "Check the path.");
        }

        var isMountPoint = parent is not null
            && (status.IsMountRoot || (status.IsDirectory && status.Device != root.Status.Device));
        using IEntryBuilder builder = root.IsNtfs ? NtfsEntryBuilder.For(root) : new PosixEntryBuilder();
        try
        {
            return builder.Build(new EntryContext(
                root.Handle, name, parent is null ? "" : name, root.Status.Inode, status, isMountPoint));
        }
        catch (SourceReadException error)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, $"'{path}' cannot be looked at: {error.Message}", "Check its permissions.", inner: error);
        }
    }
}
