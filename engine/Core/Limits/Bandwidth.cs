namespace Harness.Engine.Limits;

/// <summary>How many bytes may pass in one direction at which time. Immutable.</summary>
/// <param name="Outside">The rate outside of work hours, or at any time where there are none; null is no limit.</param>
/// <param name="WorkHours">When the other rate counts; null is never.</param>
/// <param name="Inside">The rate within work hours; null is no limit.</param>
public sealed record Bandwidth(Rate? Outside, WorkHours? WorkHours = null, Rate? Inside = null)
{
    /// <summary>No limit at any time.</summary>
    public static Bandwidth Unlimited { get; } = new(Outside: null);

    /// <summary>Whether there is a limit at any time.</summary>
    public bool IsLimited => Outside is not null || (WorkHours is not null && Inside is not null);

    /// <summary>The lowest rate that ever counts; null for none.</summary>
    public Rate? Slowest => (Outside, WorkHours is null ? null : Inside) switch
    {
        ({ } outside, { } inside) => outside.BytesPerSecond < inside.BytesPerSecond ? outside : inside,
        var (outside, inside) => outside ?? inside,
    };

    /// <summary>The rate at a moment, or null.</summary>
    public Rate? At(DateTimeOffset moment) => WorkHours?.Contains(moment) == true ? Inside : Outside;

    /// <summary>When the first of some bytes that begin to pass at a moment has passed, and with it all of them.</summary>
    /// <param name="start">When they begin.</param>
    /// <param name="bytes">How many, 0 or more.</param>
    public DateTimeOffset EndOf(DateTimeOffset start, long bytes)
    {
        // Bytes times ticks: exact, so that nothing adds up over millions of calls.
        var left = (Int128)bytes * TimeSpan.TicksPerSecond;
        while (left > 0 && At(start) is { } rate)
        {
            var ticks = (left + rate.BytesPerSecond - 1) / rate.BytesPerSecond;
            var change = WorkHours?.NextChange(start) ?? DateTimeOffset.MaxValue;
            if (start.UtcTicks + ticks <= change.UtcTicks)
            {
                return start.AddTicks((long)ticks);
            }

            left -= (Int128)rate.BytesPerSecond * (change - start).Ticks;
            start = change;
        }

        return start;
    }
}
