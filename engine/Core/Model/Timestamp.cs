using System.Globalization;

namespace Harness.Engine.Model;

/// <summary>
/// A moment with nanosecond resolution, wide enough for both NTFS (100 ns since 1601) and POSIX (ns) times.
/// </summary>
/// <param name="UnixSeconds">Whole seconds since 1970-01-01T00:00:00Z, negative before it.</param>
/// <param name="Nanoseconds">0 to 999,999,999, always added.</param>
public readonly record struct Timestamp(long UnixSeconds, int Nanoseconds) : IComparable<Timestamp>
{
    private const long TicksPerSecond = 10_000_000;
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private const long FileTimeEpochSeconds = -11_644_473_600;
    private const long FirstSeconds = -62_135_596_800; // 0001-01-01T00:00:00Z
    private const long LastSeconds = 253_402_300_799; // 9999-12-31T23:59:59Z

    /// <summary>From a FILETIME: 100 ns units since 1601-01-01 UTC.</summary>
    public static Timestamp FromFileTime(long fileTime)
    {
        var (seconds, ticks) = Math.DivRem(fileTime, TicksPerSecond);
        return ticks < 0
            ? new Timestamp(seconds - 1 + FileTimeEpochSeconds, (int)((ticks + TicksPerSecond) * 100))
            : new Timestamp(seconds + FileTimeEpochSeconds, (int)(ticks * 100));
    }

    /// <summary>From a point in time.</summary>
    public static Timestamp From(DateTimeOffset time)
    {
        var (seconds, ticks) = Math.DivRem(time.UtcTicks - UnixEpochTicks, TicksPerSecond);
        return ticks < 0
            ? new Timestamp(seconds - 1, (int)((ticks + TicksPerSecond) * 100))
            : new Timestamp(seconds, (int)(ticks * 100));
    }

    /// <summary>As a FILETIME, rounded down to 100 ns; clamped to what a FILETIME can hold.</summary>
    public long ToFileTime()
    {
        // Anyone who can write to a vault can write any time.
        var clamped = Math.Clamp(
            UnixSeconds, (long.MinValue / TicksPerSecond) + FileTimeEpochSeconds, (long.MaxValue / TicksPerSecond) + FileTimeEpochSeconds - 1);
        return ((clamped - FileTimeEpochSeconds) * TicksPerSecond) + (Nanoseconds / 100);
    }

    /// <summary>As a point in time, rounded down to 100 ns; clamped to what <see cref="DateTimeOffset"/> can hold.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var clamped = Math.Clamp(UnixSeconds, FirstSeconds, LastSeconds);
        return new DateTimeOffset((clamped * TicksPerSecond) + (Nanoseconds / 100) + UnixEpochTicks, TimeSpan.Zero);
    }

    /// <summary>ISO 8601 in UTC with as many digits as the fraction has; beyond the years 1 to 9999, seconds since 1970.</summary>
    public override string ToString()
    {
        var fraction = Nanoseconds == 0
            ? string.Empty
            : "." + Nanoseconds.ToString("d9", CultureInfo.InvariantCulture).TrimEnd('0');
        return UnixSeconds is < FirstSeconds or > LastSeconds
            ? string.Create(CultureInfo.InvariantCulture, $"{UnixSeconds}{fraction} s since 1970")
            : DateTime.UnixEpoch.AddSeconds(UnixSeconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z";
    }

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) =>
        UnixSeconds != other.UnixSeconds
            ? UnixSeconds.CompareTo(other.UnixSeconds)
            : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    /// <summary>Earlier or equal.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    /// <summary>Later or equal.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}
