using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Engine.Limits;

/// <summary>
/// The hours of a week in which people work, by the clock of a time zone ("Back up Windows machines by using the Azure Backup MARS
/// agent": throttling has work hours and work days, and holds for backup and restore). A window that ends before it begins
/// goes on past midnight and belongs to the day on which it begins. Immutable.
/// </summary>
public sealed class WorkHours
{
    private const int MinutesOfDay = 24 * 60;

    private readonly bool[] _days = new bool[7];
    private readonly int _start;
    private readonly int _end;

    /// <summary>What was asked last; whole when read, since a reference is.</summary>
    private volatile Stretch? _stretch;

    /// <summary>Creates a window of whole minutes.</summary>
    /// <param name="start">First minute.</param>
    /// <param name="end">First minute after it; equal to <paramref name="start"/> is a whole day.</param>
    /// <param name="days">Days on which it begins; at least one.</param>
    /// <param name="zone">Whose clock counts.</param>
    public WorkHours(TimeOnly start, TimeOnly end, IEnumerable<DayOfWeek> days, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(zone);
        Zone = zone;
        _start = (start.Hour * 60) + start.Minute;
        _end = (end.Hour * 60) + end.Minute;
        foreach (var day in days)
        {
            _days[(int)day] = true;
        }

        if (!_days.Contains(true))
        {
            throw new BackupException(ErrorCode.ArgumentInvalid, "The work hours have no work day.", "Give at least one, such as mon-fri.");
        }
    }

    /// <summary>Whose clock counts.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Reads a window and days as <see cref="ParseDays"/> does; ArgumentInvalid with what is wrong.</summary>
    public static WorkHours Parse(string hours, string days, TimeZoneInfo zone) => Parse(hours, ParseDays(days), zone);

    /// <summary>
    /// Reads a window such as <c>09:00-18:00</c>, <c>9-18</c> or <c>18:00-24:00</c>; ArgumentInvalid with what is wrong.
    /// </summary>
    public static WorkHours Parse(string hours, IReadOnlyCollection<DayOfWeek> days, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var ends = hours.Split('-');
        if (ends.Length != 2 || !TryTime(ends[0], out var start) || !TryTime(ends[1].Trim() is "24:00" or "24" ? "0" : ends[1], out var end))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"'{hours}' is no window of work hours.",
                "Give two times of a day, such as 09:00-18:00; 22:00-06:00 goes on past midnight.");
        }

        return new WorkHours(start, end, days, zone);
    }

    /// <summary>Reads days such as <c>mon-fri</c> or <c>mon,wed,sat-sun</c>; ArgumentInvalid with what is wrong.</summary>
    public static IReadOnlyCollection<DayOfWeek> ParseDays(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var days = new HashSet<DayOfWeek>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || DayOf(ends[0]) is not { } first || DayOf(ends[^1]) is not { } last)
            {
                throw new BackupException(
                    ErrorCode.ArgumentInvalid,
                    $"'{part.Trim()}' is no work day.",
                    "Days are mon, tue, wed, thu, fri, sat and sun, several as mon-fri or mon,wed.");
            }

            for (var day = (int)first; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == (int)last)
                {
                    break;
                }
            }
        }

        return days;
    }

    /// <summary>Whether a moment lies in the work hours, by the clock on the wall at that moment.</summary>
    public bool Contains(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var minute = (local.Hour * 60) + local.Minute;
        var today = _days[(int)local.DayOfWeek];
        if (_start < _end)
        {
            return today && minute >= _start && minute < _end;
        }

        var yesterday = _days[((int)local.DayOfWeek + 6) % 7];
        return (today && minute >= _start) || (yesterday && minute < _end);
    }

    /// <summary>
    /// The first moment after one at which the answer of <see cref="Contains"/> is another; a week later when it is the same all
    /// week. Changes of the clock to and from daylight saving time count as they show on the wall.
    /// </summary>
    public DateTimeOffset NextChange(DateTimeOffset moment)
    {
        // Whoever paces asks for each slice of a blob, and the answer is the same for hours.
        if (_stretch is { } known && moment >= known.From && moment < known.To)
        {
            return known.To;
        }

        var isInside = Contains(moment);
        var next = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (var minute = 0; minute < 7 * MinutesOfDay; minute++)
        {
            next = next.AddMinutes(1);
            if (Contains(next) != isInside)
            {
                _stretch = new Stretch(moment, next);
                break;
            }
        }

        return next;
    }

    private static bool TryTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text.Trim(), ["HH:mm", "H:mm", "HH", "%H"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static DayOfWeek? DayOf(string text) => text.Trim().ToLowerInvariant() switch
    {
        "sun" => DayOfWeek.Sunday,
        "mon" => DayOfWeek.Monday,
        "tue" => DayOfWeek.Tuesday,
        "wed" => DayOfWeek.Wednesday,
        "thu" => DayOfWeek.Thursday,
        "fri" => DayOfWeek.Friday,
        "sat" => DayOfWeek.Saturday,
        _ => null,
    };

    /// <summary>A time within which <see cref="Contains"/> does not change.</summary>
    private sealed record Stretch(DateTimeOffset From, DateTimeOffset To);
}
