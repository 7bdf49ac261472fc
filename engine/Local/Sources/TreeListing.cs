using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Sources;

/// <summary>
/// Walks a tree depth first without recursion, names of a directory in ordinal order. Each directory is listed whole before
/// its entries are given out. Only the deepest levels stay open, so that the depth of a tree is not bounded by descriptors.
/// </summary>
internal sealed class TreeListing(SourceRoot root, IEntryBuilder builder)
{
    private const int MaxOpenLevels = 128;

    private readonly SourceRoot _root = root;
    private readonly IEntryBuilder _builder = builder;

    internal async IAsyncEnumerable<SourceItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        using var walker = new DirectoryWalker(_root.Handle);
        var context = new EntryContext(_root.Handle, ".", "", _root.Status.Inode, _root.Status, IsMountPoint: false);
        yield return Describe(context);

        var levels = new List<Level>();
        try
        {
            if (Descend(levels, context, walker) is { } trouble)
            {
                yield return SourceItem.Of(trouble);
            }

            while (levels.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var level = levels[^1];
                if (level.Next == level.Items.Count)
                {
                    level.Handle?.Dispose();
                    levels.RemoveAt(levels.Count - 1);
                    continue;
                }

                var item = level.Items[level.Next++];
                if (Look(level, item, walker, out var found) is { } listed)
                {
                    yield return listed;
                    if (listed.Entry is { Kind: EntryKind.Directory } entry
                        && (entry.Traits & (EntryTraits.ReparsePoint | EntryTraits.MountPoint)) == EntryTraits.None
                        && Descend(levels, found, walker) is { } below)
                    {
                        yield return SourceItem.Of(below);
                    }
                }
            }
        }
        finally
        {
            levels.ForEach(level => level.Handle?.Dispose());
        }
    }

    /// <summary>Looks at a name; null when it is gone since the directory was listed.</summary>
    private SourceItem? Look(Level level, DirectoryItem item, DirectoryWalker walker, out EntryContext context)
    {
        context = default;
        var path = level.Path.Length == 0 ? item.Name : level.Path + "/" + item.Name;
        if (item.Error != 0)
        {
            // A name that is gone between listing and looking was deleted meanwhile: nothing to protect, nothing to report.
            return item.Error == Errno.NoEntry ? null : SourceItem.Of(Trouble(item, path));
        }

        level.Handle ??= Reopen(level, walker);
        if (level.Handle is null)
        {
            return SourceItem.Of(new SourceReadException(
                path, SourceFault.Vanished, $"The directory of '{path}' disappeared while it was listed."));
        }

        var isMountPoint = item.Status.IsMountRoot
            || (item.Status.IsDirectory && item.Status.Device != _root.Status.Device);
        context = new EntryContext(level.Handle, item.Name, path, level.Reference, item.Status, isMountPoint);
        return Describe(context);
    }

    /// <summary>Lists a directory as a new level; the trouble met comes after the directory's own entry.</summary>
    private static SourceReadException? Descend(List<Level> levels, in EntryContext context, DirectoryWalker walker)
    {
        var handle = LinuxFile.TryOpenDirectory(context.Directory, context.Name);
        if (handle is null)
        {
            return Errno.ToSourceError(Errno.Last, context.Path, "Cannot list the directory");
        }

        if (!FileStatus.TryGet(handle, out var status) || !status.IsSameFile(context.Status))
        {
            handle.Dispose();
            return new SourceReadException(
                context.Path, SourceFault.Vanished, $"'{context.Path}' is no longer the directory that was listed.");
        }

        var level = new Level(context.Path, status.Inode) { Handle = handle };
        var errno = DirectoryReader.Read(handle, level.Items);
        level.Items.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        levels.Add(level);
        if (levels.Count > MaxOpenLevels)
        {
            levels[^(MaxOpenLevels + 1)].Close();
        }

        return errno == 0 ? null : Errno.ToSourceError(errno, context.Path, "Cannot list the directory");
    }

    private SourceItem Describe(in EntryContext context)
    {
        try
        {
            return SourceItem.Of(_builder.Build(context));
        }
        catch (SourceReadException error)
        {
            return SourceItem.Of(error);
        }
    }

    /// <summary>Opens a level again that was closed to save descriptors; null when another directory is there now.</summary>
    private static SafeFileHandle? Reopen(Level level, DirectoryWalker walker)
    {
        var handle = walker.InDirectory(level.Path, ".", LinuxFile.TryOpenDirectory, out _);
        if (handle is null || (FileStatus.TryGet(handle, out var status) && status.Inode == level.Reference))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static SourceReadException Trouble(DirectoryItem item, string path) => item.Error == Errno.IllegalSequence
        ? new SourceReadException(
            path,
            SourceFault.NameInvalid,
            $"The name '{path}' is not UTF-8 (bytes shown as \\xHH) and cannot be represented; rename it to protect it.")
        : Errno.ToSourceError(item.Error, path, "Cannot look at");

    private sealed class Level(string path, ulong reference)
    {
        internal string Path { get; } = path;

        internal ulong Reference { get; } = reference;

        internal List<DirectoryItem> Items { get; } = [];

        internal int Next { get; set; }

        /// <summary>Null when closed to save descriptors; it is opened again on the way back.</summary>
        internal SafeFileHandle? Handle { get; set; }

        internal void Close()
        {
            Handle?.Dispose();
            Handle = null;
        }
    }
}
