namespace Harness.Engine.Limits;

/// <summary>
/// Lets bytes pass no faster than a bandwidth allows: whoever asks is given a stretch of time of his own behind all before
/// him, and waits until its end. Unused time is not saved up. So at any moment no more has passed than the rate allows since the
/// first call, to the byte. Safe for concurrent calls.
/// </summary>
public sealed class Pacer(Bandwidth bandwidth, TimeProvider clock)
{
    private readonly long _origin = clock.GetTimestamp();

    /// <summary>Up to when the line is given away, in ticks since the pacer was made: a wall clock that is set moves nothing.</summary>
    private long _freeAtTicks;

    /// <summary>Waits until some bytes may have passed.</summary>
    public ValueTask PassAsync(long bytes, CancellationToken cancellationToken)
    {
        if (!bandwidth.IsLimited || bytes <= 0)
        {
            return default;
        }

        var now = clock.GetElapsedTime(_origin).Ticks;
        var wait = Reserve(now, clock.GetUtcNow(), bytes) - now;

        // Timers of a system count whole milliseconds; never early, then.
        var milliseconds = (wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return wait <= 0 ? default : WaitAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);
    }

    private async ValueTask WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        // A timer goes for some seven weeks at most; at a slow rate a pack may take longer.
        for (var longest = TimeSpan.FromDays(30); wait > longest; wait -= longest)
        {
            await Task.Delay(longest, clock, cancellationToken);
        }

        await Task.Delay(wait, clock, cancellationToken);
    }

    private long Reserve(long now, DateTimeOffset wallNow, long bytes)
    {
        while (true)
        {
            var free = Interlocked.Read(ref _freeAtTicks);
            var start = Math.Max(now, free);
            var wallStart = wallNow.AddTicks(start - now);
            var end = start + (bandwidth.EndOf(wallStart, bytes) - wallStart).Ticks;
            if (Interlocked.CompareExchange(ref _freeAtTicks, end, free) == free)
            {
                return end;
            }
        }
    }
}
