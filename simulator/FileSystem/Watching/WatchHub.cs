using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Watching;

/// <summary>The watchers of one volume that are switched on; the volume is observed while there are any. Any thread.</summary>
internal sealed class WatchHub(SimVolume volume, IVolumeObserver session)
{
    private readonly Lock _gate = new();
    private volatile SimFileSystemWatcher[] _watchers = [];
    private int _holds;

    public bool HasWatchers => _watchers.Length > 0;

    /// <summary>Whether changes wait in the buffers of the watchers.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    public void Add(SimFileSystemWatcher watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers, watcher];
            volume.Observe(session);
        }
    }

    public void Remove(SimFileSystemWatcher watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers.Where(other => !ReferenceEquals(other, watcher))];
            if (_watchers.Length == 0)
            {
                volume.StopObserving(session);
            }
        }
    }

    public void Raise(WatchNotice notice)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Raise(notice);
        }
    }

    public void Hold() => Interlocked.Increment(ref _holds);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Deliver();
            }
        }
    }
}
