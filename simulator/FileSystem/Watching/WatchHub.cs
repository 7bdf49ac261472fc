namespace Harness.Simulator.FileSystem.Watching;

/// <summary>The watchers of one volume that are switched on. Any thread.</summary>
internal sealed class WatchHub
{
    private readonly Lock _gate = new();
    private volatile SimFileSystemWatcher[] _watchers = [];

    public bool HasWatchers => _watchers.Length > 0;

    public void Add(SimFileSystemWatcher watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers, watcher];
        }
    }

    public void Remove(SimFileSystemWatcher watcher)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers.Where(other => !ReferenceEquals(other, watcher))];
        }
    }

    public void Raise(WatchNotice notice)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Raise(notice);
        }
    }
}
