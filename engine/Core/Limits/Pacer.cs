namespace Harness.Engine.Limits;

/// <summary>
/// Lets bytes pass no faster than a bandwidth allows: whoever asks is given a stretch of time of his own behind all before
/// him, and waits until its end. Blobs pass in slices of an eighth of a second, so those that are under way at once share the line
/// and work hours that begin within a blob are kept. Unused time is not saved up, but for the little by which timers are late.
/// So over any time no more passes than the rate allows in it and in that little. Safe for concurrent calls.
/// </summary>
public sealed class Pacer(Bandwidth bandwidth, TimeProvider clock)
{
    private const int MostSliceBytes = 1 << 20;
    private const int LeastSliceBytes = 4 << 10;
    private const int SlicesPerSecond = 8;

    /// <summary>Timers are late by a millisecond or some; without this, that would be lost with each slice.</summary>
    private static readonly TimeSpan MostLate = TimeSpan.FromMilliseconds(50);

    private readonly long _origin = clock.GetTimestamp();

    /// <summary>Up to when the line is given away, in ticks since the pacer was made: a wall clock that is set moves nothing.</summary>
    private long _freeAtTicks;

    /// <summary>What passes through it.</summary>
    public Bandwidth Bandwidth => bandwidth;

    /// <summary>How many of some bytes should pass at once now: an eighth of a second's worth, at most 1 MiB; at least one.</summary>
    public int SliceOf(long bytes)
    {
        var most = (long)MostSliceBytes;
        if (bandwidth.At(clock.GetUtcNow()) is { BytesPerSecond: var rate })
        {
            most = Math.Clamp(rate / SlicesPerSecond, Math.Min(rate, LeastSliceBytes), MostSliceBytes);
        }

        return (int)Math.Clamp(bytes, 1, most);
    }

    /// <summary>Waits until some bytes may have passed, slice after slice.</summary>
    public async ValueTask PassSlicesAsync(long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0 && bandwidth.IsLimited)
        {
            var slice = SliceOf(bytes);
            await PassAsync(slice, cancellationToken);
            bytes -= slice;
        }
    }

    /// <summary>Waits until some bytes may have passed as one.</summary>
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
        // A timer goes for some seven weeks at most.
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
            var start = now - free > MostLate.Ticks ? now : free;
            var wallStart = wallNow.AddTicks(start - now);
            var end = start + (bandwidth.EndOf(wallStart, bytes) - wallStart).Ticks;
            if (Interlocked.CompareExchange(ref _freeAtTicks, end, free) == free)
            {
                return end;
            }
        }
    }
}
