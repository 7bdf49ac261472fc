using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>
/// Reaches directories below a root one component at a time without ever following a symbolic link, so that no link planted
/// on the way leads outside and no path is too long. Keeps a few directories open. Safe for concurrent calls, which wait for each other
/// only while a directory is looked up.
/// </summary>
internal sealed class DirectoryWalker(SafeFileHandle root) : IDisposable
{
    private const int MaxOpen = 32;

    private readonly SafeFileHandle _root = root;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<OpenDirectory>> _open = new(StringComparer.Ordinal);
    private readonly LinkedList<OpenDirectory> _recent = new();

    /// <summary>
    /// Runs a short action on the directory that contains a path, and on the last component. Returns the action's result, or
    /// the default with the error number in <paramref name="errno"/> when the directory cannot be reached.
    /// </summary>
    internal T? InParent<T>(string path, Func<SafeFileHandle, string, T> action, out int errno)
    {
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        return InDirectory(slash < 0 ? "" : path[..slash], name, action, out errno);
    }

    /// <summary>Runs a short action on a directory; see <see cref="InParent"/>.</summary>
    internal T? InDirectory<T>(string path, string name, Func<SafeFileHandle, string, T> action, out int errno)
    {
        OpenDirectory? directory = null;
        if (path.Length > 0)
        {
            lock (_gate)
            {
                directory = Find(path, out errno);
                if (directory is null)
                {
                    return default;
                }

                directory.Users++;
            }
        }

        errno = 0;
        try
        {
            return action(directory?.Handle ?? _root, name);
        }
        finally
        {
            if (directory is not null)
            {
                lock (_gate)
                {
                    directory.Users--;
                    directory.CloseIfUnused();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var directory in _recent)
            {
                directory.Handle.Dispose();
            }

            _recent.Clear();
            _open.Clear();
        }
    }

    private OpenDirectory? Find(string path, out int errno)
    {
        errno = 0;
        if (_open.TryGetValue(path, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value;
        }

        return Walk(path, out errno);
    }

    private OpenDirectory? Walk(string path, out int errno)
    {
        errno = 0;
        var (current, position) = LongestKnown(path);
        var owned = false;
        while (position < path.Length)
        {
            var end = path.IndexOf('/', position);
            end = end < 0 ? path.Length : end;
            var next = LinuxFile.TryOpenDirectory(current, path[position..end]);
            if (next is null)
            {
                errno = Errno.Last;
            }

            if (owned)
            {
                current.Dispose();
            }

            if (next is null)
            {
                return null;
            }

            (current, owned, position) = (next, true, end + 1);
        }

        return Keep(path, current);
    }

    private (SafeFileHandle Handle, int Position) LongestKnown(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_open.TryGetValue(path[..slash], out var node))
            {
                return (node.Value.Handle, slash + 1);
            }
        }

        return (_root, 0);
    }

    private OpenDirectory Keep(string path, SafeFileHandle handle)
    {
        if (_recent.Count == MaxOpen)
        {
            Forget(_recent.Last!);
        }

        var directory = new OpenDirectory(path, handle);
        _open[path] = _recent.AddFirst(directory);
        return directory;
    }

    private void Forget(LinkedListNode<OpenDirectory> node)
    {
        _recent.Remove(node);
        _ = _open.Remove(node.Value.Path);
        node.Value.IsForgotten = true;
        node.Value.CloseIfUnused();
    }

    /// <summary>A directory that is open as long as it is remembered or used. Under the lock.</summary>
    private sealed class OpenDirectory(string path, SafeFileHandle handle)
    {
        internal string Path { get; } = path;

        internal SafeFileHandle Handle { get; } = handle;

        internal int Users { get; set; }

        internal bool IsForgotten { get; set; }

        internal void CloseIfUnused()
        {
            if (IsForgotten && Users == 0)
            {
                Handle.Dispose();
            }
        }
    }
}
