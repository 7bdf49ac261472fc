using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// One open of one stream: what CreateFile returns. It names the file by its record, so renames do not touch it. Every
/// operation takes the volume's lock; what one handle writes the next one reads.
/// </summary>
internal sealed class FileHandle(
    SimFileSystem fileSystem, VolumeSession session, uint index, string stream, OpenRequest request)
{
    private const int FirstTailBytes = 256;
    private const int MaxTailBytes = 64 * 1024;

    // Bytes that this handle writes in sequence go behind one another into one array, which the extents share.
    private byte[]? _tail;
    private int _tailUsed;
    private long _tailEnd = -1;
    private bool _hasRead;

    public HandleNumbers Numbers => fileSystem.Handles;

    public string FullPath => request.FullPath;

    public uint Index => index;

    public FileAccess Access => request.Access;

    public FileShare Share => request.Share;

    public bool DeletesOnClose => (request.Options & FileOptions.DeleteOnClose) != FileOptions.None;

    public bool IsAsync => (request.Options & FileOptions.Asynchronous) != FileOptions.None;

    public bool IsClosed { get; private set; }

    public long Length
    {
        get
        {
            using var scope = session.Enter();
            return State().Size;
        }
    }

    public bool IsOf(string name) => stream.Equals(name, StringComparison.OrdinalIgnoreCase);

    public int Read(long offset, Span<byte> buffer)
    {
        using var scope = session.Enter();
        RequireUnlocked(offset, buffer.Length);
        _hasRead = true;
        return session.Volume.Read(State(), offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        using var scope = session.Enter();
        if (content.IsEmpty)
        {
            return;
        }

        RequireUnlocked(offset, content.Length);
        var at = Store(offset, content);
        var tail = _tail!;
        var length = content.Length;
        WindowsErrors.Guard(session.Volume, FullPath, () => session.Volume.WriteAt(index, stream, offset, tail, at, length));
        Announce(NotifyFilters.LastWrite | NotifyFilters.Size);
    }

    public void SetLength(long length)
    {
        using var scope = session.Enter();
        if (State().Size != length)
        {
            WindowsErrors.Guard(session.Volume, FullPath, () => session.Volume.SetEndAt(index, stream, length));
            Announce(NotifyFilters.LastWrite | NotifyFilters.Size);
        }
    }

    public void Lock(long offset, long length)
    {
        using var scope = session.Enter();
        var locks = session.Opens.Find(index)!.Locks;
        if (locks.Exists(range => range.Overlaps(stream, offset, length)))
        {
            throw WindowsErrors.For(Win32Error.LockViolation, FullPath);
        }

        locks.Add(new LockedRange(this, stream, offset, length));
    }

    public void Unlock(long offset, long length)
    {
        using var scope = session.Enter();
        if (!session.Opens.Find(index)!.Locks.Remove(new LockedRange(this, stream, offset, length)))
        {
            throw WindowsErrors.For(Win32Error.NotLocked, FullPath);
        }
    }

    public void Close()
    {
        using var scope = session.Enter();
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        _tail = null;
        if (_hasRead && fileSystem.Options.UpdatesLastAccess && !session.Opens.Find(index)!.IsOrphan)
        {
            session.Volume.TouchAccess(index);
            Announce(NotifyFilters.LastAccess);
        }

        Deleting.AfterClose(fileSystem, session, this, session.Opens.Remove(this));
    }

    private StreamState State() => session.Volume.Stream(in session.Volume.RecordAt(index), stream)
        ?? throw WindowsErrors.For(Win32Error.InvalidHandle, FullPath);

    /// <summary>Puts content where it stays; returns where in <see cref="_tail"/> it begins.</summary>
    private int Store(long offset, ReadOnlySpan<byte> content)
    {
        var continues = _tail is not null && offset == _tailEnd;
        if (!continues || _tailUsed + content.Length > _tail!.Length)
        {
            var room = continues ? Math.Clamp(_tail!.Length * 2, FirstTailBytes, MaxTailBytes) : 0;
            _tail = GC.AllocateUninitializedArray<byte>(Math.Max(room, content.Length));
            _tailUsed = 0;
        }

        var at = _tailUsed;
        content.CopyTo(_tail.AsSpan(at));
        _tailUsed += content.Length;
        _tailEnd = offset + content.Length;
        return at;
    }

    private void RequireUnlocked(long offset, long length)
    {
        foreach (var range in session.Opens.Find(index)!.Locks)
        {
            if (!ReferenceEquals(range.Owner, this) && range.Overlaps(stream, offset, length))
            {
                throw WindowsErrors.For(Win32Error.LockViolation, FullPath);
            }
        }
    }

    private void Announce(NotifyFilters what)
    {
        if (session.Watchers.HasWatchers
            && session.Volume.Find(new FileReference(index, session.Volume.RecordAt(index).Sequence)) is { } entry)
        {
            session.Publish(WatchNotice.Changed(entry.Path, entry.IsDirectory, what));
        }
    }
}
