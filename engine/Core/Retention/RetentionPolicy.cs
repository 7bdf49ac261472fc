using Harness.Engine.Errors;

namespace Harness.Engine.Retention;

/// <summary>
/// How long recovery points are kept. Null leaves a tier out; at least one is set. A long-term tier is due on a day, and the
/// first recovery point taken on that day or after it, before the tier is due again, is the one that counts: a missed run is
/// made up by the next ("FAQ about backing up files and folders", 2023-08-14), and a later one never takes its place.
/// </summary>
public sealed record RetentionPolicy
{
    /// <summary>Days that every recovery point is kept.</summary>
    public int? DailyDays { get; init; }

    /// <summary>Weeks that the recovery point of a week is kept.</summary>
    public int? WeeklyWeeks { get; init; }

    /// <summary>Months that the recovery point of a month is kept.</summary>
    public int? MonthlyMonths { get; init; }

    /// <summary>Years that the recovery point of a year is kept.</summary>
    public int? YearlyYears { get; init; }

    /// <summary>Day that the weekly point is due on; default Saturday.</summary>
    public DayOfWeek WeeklyDay { get; init; } = DayOfWeek.Saturday;

    /// <summary>Day of the month, 1 to 28, that the monthly point is due on; default 1.</summary>
    public int MonthlyDay { get; init; } = 1;

    /// <summary>Month, 1 to 12, that the yearly point is due in, on <see cref="MonthlyDay"/>; default January.</summary>
    public int YearlyMonth { get; init; } = 1;

    /// <summary>
    /// Offset from UTC by which a moment belongs to a day; default UTC. It is fixed: the schedule does not follow daylight
    /// saving ("Support matrix for backup with the MARS agent", 2022-12-28).
    /// </summary>
    public TimeSpan UtcOffset { get; init; }

    /// <summary>Throws RetentionPolicyInvalid, naming the setting and its range, unless the ranges of the latest documents hold.</summary>
    public void RequireValid() => RequireValid(RetentionRanges.Published);

    /// <summary>Throws RetentionPolicyInvalid, naming the setting, its range and its clause, unless the ranges of a profile hold.</summary>
    public void RequireValid(RetentionRanges ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        Require(DailyDays, ranges.Daily);
        Require(WeeklyWeeks, ranges.Weekly);
        Require(MonthlyMonths, ranges.Monthly);
        Require(YearlyYears, ranges.Yearly);
        if (DailyDays is null && WeeklyWeeks is null && MonthlyMonths is null && YearlyYears is null)
        {
            throw Invalid("The policy keeps nothing.", "Give at least one of daily, weekly, monthly and yearly.");
        }

        if (MonthlyDay is < 1 or > 28 || YearlyMonth is < 1 or > 12 || UtcOffset.Duration() > TimeSpan.FromHours(14))
        {
            throw Invalid(
                $"Day {MonthlyDay}, month {YearlyMonth} or offset {UtcOffset} is no day of every month, month, or offset.",
                "Days are 1 to 28, months 1 to 12, offsets at most 14 hours.");
        }
    }

    private static void Require(int? value, RetentionRange range)
    {
        if (value is { } number && (number < range.Least || number > range.Most))
        {
            throw Invalid(
                $"A {range.Name} retention of {number} {range.Unit} is outside the documented range.",
                $"Give {range.Least} to {range.Most} {range.Unit}.",
                $"retention.{range.Name}");
        }
    }

    private static BackupException Invalid(string message, string remedy, string? clause = null) =>
        new(ErrorCode.RetentionPolicyInvalid, message, remedy, clause);
}
