using Microsoft.Win32.SafeHandles;

namespace Harness.Engine.Local.Linux;

/// <summary>
/// Reaches directories below a root one component at a time without ever following a symbolic link, so that no link planted
/// on the way leads outside and no path is too long. Keeps a few directories open. Safe for concurrent calls.
/// </summary>
internal sealed class DirectoryWalker(SafeFileHandle root) : IDisposable
{
    private const int MaxOpen = 32;

    private readonly SafeFileHandle _root = root;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Path, SafeFileHandle Handle)>> _open =
        new(StringComparer.Ordinal);

    private readonly LinkedList<(string Path, SafeFileHandle Handle)> _recent = new();

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
        lock (_gate)
        {
            var directory = Find(path, out errno);
            return directory is null ? default : action(directory, name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, handle) in _recent)
            {
                handle.Dispose();
            }

            _recent.Clear();
            _open.Clear();
        }
    }

    private SafeFileHandle? Find(string path, out int errno)
    {
        errno = 0;
        if (path.Length == 0)
        {
            return _root;
        }

        if (_open.TryGetValue(path, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Handle;
        }

        return Walk(path, out errno);
    }

    private SafeFileHandle? Walk(string path, out int errno)
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

        Keep(path, current);
        return current;
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

    private void Keep(string path, SafeFileHandle handle)
    {
        if (_recent.Count == MaxOpen)
        {
            Close(_recent.Last!);
        }

        _open[path] = _recent.AddFirst((path, handle));
    }

    private void Close(LinkedListNode<(string Path, SafeFileHandle Handle)> node)
    {
        _recent.Remove(node);
        _ = _open.Remove(node.Value.Path);
        node.Value.Handle.Dispose();
    }
}
