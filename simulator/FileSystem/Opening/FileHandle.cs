using Harness.Engine.Errors;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// One open of one stream: what CreateFile returns, over the volume's own handle. Every operation takes the volume's lock;
/// what one handle writes the next one reads.
/// </summary>
internal sealed class FileHandle(SimFileSystem fileSystem, VolumeSession session, VolumeHandle open, OpenRequest request)
{
    private bool _hasRead;

    public HandleNumbers Numbers => fileSystem.Handles;

    public string FullPath => request.FullPath;

    public bool IsAsync => (request.Options & FileOptions.Asynchronous) != FileOptions.None;

    public FileAccess Access => request.Access;

    public bool IsClosed => open.IsClosed;

    public long Length
    {
        get
        {
            using var scope = session.Enter();
            return open.SizeBytes;
        }
    }

    private uint Index => (uint)open.Reference.Index;

    public int Read(long offset, Span<byte> buffer)
    {
        using var scope = session.Enter();
        try
        {
            _hasRead = true;
            return open.Read(offset, buffer);
        }
        catch (BackupException refusal)
        {
            throw WindowsErrors.Translate(session.Volume, refusal, FullPath);
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        using var scope = session.Enter();
        if (content.IsEmpty)
        {
            return;
        }

        try
        {
            open.Write(offset, content);
        }
        catch (BackupException refusal)
        {
            throw WindowsErrors.Translate(session.Volume, refusal, FullPath);
        }

        Announce(NotifyFilters.LastWrite | NotifyFilters.Size);
    }

    public void SetLength(long length)
    {
        using var scope = session.Enter();
        if (open.SizeBytes != length)
        {
            WindowsErrors.Guard(session.Volume, FullPath, () => open.SetEndOfFile(length));
            Announce(NotifyFilters.LastWrite | NotifyFilters.Size);
        }
    }

    public void Lock(long offset, long length)
    {
        using var scope = session.Enter();
        WindowsErrors.Guard(session.Volume, FullPath, () => open.Lock((ulong)offset, (ulong)length));
    }

    public void Unlock(long offset, long length)
    {
        using var scope = session.Enter();
        WindowsErrors.Guard(session.Volume, FullPath, () => open.Unlock((ulong)offset, (ulong)length));
    }

    public void Close()
    {
        using var scope = session.Enter();
        if (IsClosed)
        {
            return;
        }

        if (_hasRead && fileSystem.Options.UpdatesLastAccess && session.Volume.RecordAt(Index).LinkCount > 0)
        {
            session.Volume.TouchAccess(Index);
            Announce(NotifyFilters.LastAccess);
        }

        // What goes with the handle, the volume alone knows.
        session.TellWhatTheVolumeTells(open.Dispose);
    }

    private void Announce(NotifyFilters what)
    {
        if (session.Watchers.HasWatchers && session.Volume.Find(open.Reference) is { } entry)
        {
            session.Publish(WatchNotice.Changed(entry.Path, entry.IsDirectory, what));
        }
    }
}
