namespace Harness.Simulator.Kernel;

/// <summary>
/// A clock that stands still until it is told to move. Timers fire, on the caller's thread, while it moves over their due
/// time, in order of due time and then of creation. Not for more than one thread.
/// </summary>
public sealed class SimClock : TimeProvider
{
    private readonly PriorityQueue<SimTimer, (long Due, long Order)> _due = new();
    private DateTimeOffset _wall;
    private long _monotonic;
    private long _order;

    /// <summary>Starts at a moment; the default is 2018-08-02, when the page of the default profile was handed off.</summary>
    public SimClock(DateTimeOffset? start = null) =>
        _wall = start?.ToUniversalTime() ?? new DateTimeOffset(2018, 8, 2, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _wall;

    /// <inheritdoc/>
    public override long GetTimestamp() => _monotonic;

    /// <summary>Moves on, firing every timer on the way at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = _monotonic + by.Ticks;
        while (_due.TryPeek(out var timer, out var at) && at.Due <= end)
        {
            _due.Dequeue();
            if (timer.IsDue(at))
            {
                MoveTo(Math.Max(at.Due, _monotonic));
                timer.Fire();
            }
        }

        MoveTo(end);
    }

    /// <summary>
    /// Moves on to the next instant at which timers are due and hands out all of them, since at one instant none comes before another;
    /// false when no timer is set.
    /// </summary>
    internal bool MoveToNextTimers(Action<Action> ready)
    {
        long? instant = null;
        while (_due.TryPeek(out var timer, out var at) && (instant is null || at.Due <= instant))
        {
            _due.Dequeue();
            if (timer.IsDue(at))
            {
                instant ??= Math.Max(at.Due, _monotonic);
                MoveTo(instant.Value);
                ready(() => timer.FireIfDue(at));
            }
        }

        return instant is not null;
    }

    /// <summary>Sets the wall clock, forward or back, as a user would; elapsed time and timers do not notice.</summary>
    public void SetUtcNow(DateTimeOffset wall) => _wall = wall.ToUniversalTime();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(long monotonic)
    {
        _wall += TimeSpan.FromTicks(monotonic - _monotonic);
        _monotonic = monotonic;
    }

    private sealed class SimTimer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private (long Due, long Order)? _next;
        private TimeSpan _period;

        public bool IsDue((long Due, long Order) at) => _next == at;

        /// <summary>Fires unless it was changed or disposed since it became due.</summary>
        public void FireIfDue((long Due, long Order) at)
        {
            if (IsDue(at))
            {
                Fire();
            }
        }

        public void Fire()
        {
            _next = null;
            if (_period > TimeSpan.Zero)
            {
                Schedule(_period);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next = null;
            _period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                Schedule(dueTime);
            }

            return true;
        }

        public void Dispose() => _next = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan after)
        {
            var next = (clock._monotonic + after.Ticks, clock._order++);
            _next = next;
            clock._due.Enqueue(this, next);
        }
    }
}
