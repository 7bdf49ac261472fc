namespace Harness.Simulator.FileSystem.Watching;

/// <summary>Holds the events of some volumes back until it is disposed; then they are raised on that thread.</summary>
internal sealed class WatchHold : IDisposable
{
    private VolumeSession[] _sessions;

    public WatchHold(IEnumerable<VolumeSession> sessions)
    {
        _sessions = [.. sessions];
        Array.ForEach(_sessions, session => session.Watchers.Hold());
    }

    public void Dispose()
    {
        var held = _sessions;
        _sessions = [];
        Array.ForEach(held, session => session.Watchers.Release());
    }
}
