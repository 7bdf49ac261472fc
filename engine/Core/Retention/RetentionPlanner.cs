namespace Harness.Engine.Retention;

/// <summary>A recovery point as retention sees it.</summary>
/// <param name="Number">Its number; ascending with time unless a clock jumped.</param>
/// <param name="TakenAt">When its snapshot was taken.</param>
public readonly record struct RetentionPoint(long Number, DateTimeOffset TakenAt);

/// <summary>What becomes of a recovery point.</summary>
/// <param name="Point">Which.</param>
/// <param name="Reasons">Why it is kept, such as <c>weekly 2026-W12 until 2026-04-18</c>; empty when it is to be forgotten.</param>
public sealed record RetentionDecision(RetentionPoint Point, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether it is kept.</summary>
    public bool IsKept => Reasons.Count > 0;
}

/// <summary>Decides which recovery points a policy keeps. Pure; same input, same answer.</summary>
public static class RetentionPlanner
{
    /// <summary>Decides about every point, by number. The newest is always kept.</summary>
    public static IReadOnlyList<RetentionDecision> Decide(
        IReadOnlyCollection<RetentionPoint> points, RetentionPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(policy);
        policy.RequireValid();
        var today = DayOf(now, policy);
        var reasons = points.ToDictionary(point => point, _ => new List<string>());
        foreach (var point in points)
        {
            if (policy.DailyDays is { } days && Until(DayOf(point.TakenAt, policy), days, AddDays) is var end && today < end)
            {
                reasons[point].Add($"daily until {end:yyyy-MM-dd}");
            }
        }

        KeepTier("weekly", policy.WeeklyWeeks, day => day.AddDays(-(((int)day.DayOfWeek - (int)policy.WeeklyDay + 7) % 7)), (day, weeks) => AddDays(day, weeks * 7));
        KeepTier("monthly", policy.MonthlyMonths, day => Due(day, policy.MonthlyDay, monthsOfYear: null), AddMonths);
        KeepTier("yearly", policy.YearlyYears, day => Due(day, policy.MonthlyDay, policy.YearlyMonth), (day, years) => AddMonths(day, years * 12));

        // "FAQ about backing up files and folders" (2019-07-29): the last recovery point stays when backups stop. The page of
        // 2023 says the one with the longest retention; the newest is what the next backup follows, so it is the one here.
        if (points.Count > 0)
        {
            reasons[points.MaxBy(point => point.Number)].Add("newest");
        }

        return [.. reasons.OrderBy(item => item.Key.Number).Select(item => new RetentionDecision(item.Key, item.Value))];

        void KeepTier(string name, int? count, Func<DateOnly, DateOnly> dueOf, Func<DateOnly, int, DateOnly> add)
        {
            if (count is not { } periods)
            {
                return;
            }

            foreach (var period in points.GroupBy(point => dueOf(DayOf(point.TakenAt, policy))))
            {
                var first = period.OrderBy(point => point.TakenAt).ThenBy(point => point.Number).First();
                if (Until(DayOf(first.TakenAt, policy), periods, add) is var end && today < end)
                {
                    reasons[first].Add($"{name} of {period.Key:yyyy-MM-dd} until {end:yyyy-MM-dd}");
                }
            }
        }
    }

    private static DateOnly DayOf(DateTimeOffset moment, RetentionPolicy policy) =>
        DateOnly.FromDateTime(moment.ToOffset(policy.UtcOffset).DateTime);

    /// <summary>The last time, on the day or before it, that a tier was due.</summary>
    private static DateOnly Due(DateOnly day, int dayOfMonth, int? monthsOfYear)
    {
        var due = new DateOnly(day.Year, monthsOfYear ?? day.Month, dayOfMonth);
        return due <= day ? due : monthsOfYear is null ? due.AddMonths(-1) : due.AddYears(-1);
    }

    private static DateOnly Until(DateOnly from, int count, Func<DateOnly, int, DateOnly> add) => add(from, count);

    // A policy of 99 years on a clock near the end of the calendar keeps to its end.
    private static DateOnly AddDays(DateOnly day, int days) =>
        DateOnly.MaxValue.DayNumber - day.DayNumber <= days ? DateOnly.MaxValue : day.AddDays(days);

    private static DateOnly AddMonths(DateOnly day, int months) =>
        ((9999 - day.Year) * 12) + 12 - day.Month <= months ? DateOnly.MaxValue : day.AddMonths(months);
}
