namespace Harness.Simulator.FileSystem.Watching;

/// <summary>
/// The buffer in which Windows keeps changes that a watcher has not read yet: a record of 12 bytes and the name in UTF-16,
/// padded to 4, each; a rename takes two. When it overflows, all that is in it is lost. Any thread.
/// </summary>
internal sealed class WatchBuffer
{
    private const int HeaderBytes = 12;

    private readonly Lock _gate = new();
    private readonly Queue<WatchEvent> _events = new();
    private int _usedBytes;
    private bool _overflowed;
    private bool _isDelivering;

    /// <summary>Keeps an event. After an overflow nothing more is kept until that was told.</summary>
    public void Add(in WatchEvent told, int limitBytes)
    {
        lock (_gate)
        {
            _usedBytes += LengthOf(told.Name) + (told.OldName is { } old ? LengthOf(old) : 0);
            if (_overflowed || _usedBytes > limitBytes)
            {
                _overflowed = true;
                _events.Clear();
            }
            else
            {
                _events.Enqueue(told);
            }
        }
    }

    /// <summary>Hands out what is there, in order; a call while another is at work leaves it to that.</summary>
    public void Deliver(Action<WatchEvent> onEvent, Action onOverflow)
    {
        lock (_gate)
        {
            if (_isDelivering)
            {
                return;
            }

            _isDelivering = true;
        }

        try
        {
            while (TryTake(out var told, out var overflowed))
            {
                if (overflowed)
                {
                    onOverflow();
                }
                else
                {
                    onEvent(told);
                }
            }
        }
        catch
        {
            Stop();
            throw;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            Reset();
        }
    }

    private static int LengthOf(string name) => (HeaderBytes + (2 * name.Length) + 3) / 4 * 4;

    private bool TryTake(out WatchEvent told, out bool overflowed)
    {
        lock (_gate)
        {
            overflowed = _overflowed;
            if (overflowed)
            {
                told = default;
                Reset();
                return true;
            }

            if (_events.TryDequeue(out told))
            {
                _usedBytes -= LengthOf(told.Name) + (told.OldName is { } old ? LengthOf(old) : 0);
                return true;
            }

            // Under the lock: an event that comes from now on finds nobody at work.
            _isDelivering = false;
            return false;
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _isDelivering = false;
        }
    }

    private void Reset()
    {
        _events.Clear();
        _usedBytes = 0;
        _overflowed = false;
    }
}

/// <summary>An event that waits.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Name">Path relative to the watched directory.</param>
/// <param name="OldName">Former path of what was renamed; else null.</param>
internal readonly record struct WatchEvent(WatcherChangeTypes Kind, string Name, string? OldName);
