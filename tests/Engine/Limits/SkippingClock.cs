namespace Harness.Tests.Engine.Limits;

/// <summary>
/// A clock on which nobody waits: whoever asks for a timer finds that its time has come. Good for one that waits at a time; safe for
/// concurrent calls.
/// </summary>
internal sealed class SkippingClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks;

    /// <summary>Called before each skip with the time that has passed until then.</summary>
    public Action<TimeSpan> OnSkip { get; set; } = static _ => { };

    /// <summary>How much has been skipped.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        OnSkip(Elapsed);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        _ = ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        return new Rung();
    }

    /// <summary>A timer that has rung.</summary>
    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
