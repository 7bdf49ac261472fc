namespace Harness.Simulator.Kernel;

/// <summary>
/// The clock of one machine of a simulation: its wall clock can be set wrong, run fast or slow, and have a local day of 23 or 25 hours.
/// Elapsed time and timers are those of the simulation and never go back. One thread.
/// </summary>
/// <param name="inner">The time that is right.</param>
public sealed class HostClock(SimClock inner) : TimeProvider
{
    private const int Permille = 1000;

    private static readonly TimeSpan SavedTime = TimeSpan.FromHours(1);

    private TimeSpan _offset;
    private long _skewedSince;
    private int _skewPermille;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _zone;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + _offset + Gained;

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    /// <summary>The wall clock jumps.</summary>
    public void Step(TimeSpan by) => _offset += by;

    /// <summary>From now on it gains, or loses, so many thousandths of the time that passes; -999 to 1000.</summary>
    public void Skew(int permille)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(permille, -Permille);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permille, Permille);
        _offset += Gained;
        (_skewedSince, _skewPermille) = (inner.GetTimestamp(), permille);
    }

    /// <summary>The local clock is put forward at the next full hour, or back, so that this local day has 23 or 25 hours.</summary>
    public void ChangeToOrFromSavedTime(bool forward)
    {
        var today = TimeZoneInfo.ConvertTime(GetUtcNow(), TimeZoneInfo.Utc).DateTime;
        var next = new DateTime(today.Year, today.Month, today.Day, today.Hour, 0, 0, DateTimeKind.Unspecified).AddHours(1);
        var here = TransitionOn(next.AddHours(forward ? 0 : 1));
        var other = TransitionOn(next.AddDays(next.DayOfYear > 180 ? -180 : 180));
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, SavedTime, forward ? here : other, forward ? other : here);

        // Before the change the local clock says what UTC says, whichever way it goes.
        _zone = TimeZoneInfo.CreateCustomTimeZone(
            "simulated", forward ? TimeSpan.Zero : -SavedTime, "simulated", "simulated", "simulated, saved", [rule]);
    }

    /// <summary>The clock is right again, by a jump.</summary>
    public void Heal() => (_offset, _skewPermille, _zone) = (TimeSpan.Zero, 0, TimeZoneInfo.Utc);

    private TimeSpan Gained => TimeSpan.FromTicks((inner.GetTimestamp() - _skewedSince) / Permille * _skewPermille);

    private static TimeZoneInfo.TransitionTime TransitionOn(DateTime local) => TimeZoneInfo.TransitionTime.CreateFixedDateRule(
        new DateTime(1, 1, 1, local.Hour, 0, 0, DateTimeKind.Unspecified), local.Month, local.Day);
}
