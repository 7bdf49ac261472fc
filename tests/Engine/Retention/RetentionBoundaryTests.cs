using Harness.Engine.Retention;
using NUnit.Framework;

namespace Harness.Tests.Engine.Retention;

/// <summary>The first and the last day of each tier, short months and leap days, clocks that change twice a year, each week's start.</summary>
[Parallelizable]
public sealed class RetentionBoundaryTests
{
    [TestCase(7, null, null, null)]
    [TestCase(9999, null, null, null)]
    [TestCase(null, 4, null, null)]
    [TestCase(null, 5163, null, null)]
    [TestCase(null, null, 3, null)]
    [TestCase(null, null, 1188, null)]
    [TestCase(null, null, null, 1)]
    [TestCase(null, null, null, 99)]
    public void Policy_AtTheEndsOfTheDocumentedRanges_IsTaken(int? days, int? weeks, int? months, int? years) =>
        Assert.That(
            new RetentionPolicy { DailyDays = days, WeeklyWeeks = weeks, MonthlyMonths = months, YearlyYears = years }.RequireValid,
            Throws.Nothing);

    [TestCase("2026-03-01", 7, null, null, null, "2026-03-07", "2026-03-08")]
    [TestCase("2026-03-01", 9999, null, null, null, "2053-07-15", "2053-07-16")]
    [TestCase("2026-03-07", null, 4, null, null, "2026-04-03", "2026-04-04")]
    [TestCase("2026-03-07", null, 5163, null, null, "2125-02-16", "2125-02-17")]
    [TestCase("2026-01-31", null, null, 3, null, "2026-04-29", "2026-04-30")]
    [TestCase("2023-11-30", null, null, 3, null, "2024-02-28", "2024-02-29")]
    [TestCase("2022-11-30", null, null, 3, null, "2023-02-27", "2023-02-28")]
    [TestCase("2026-03-01", null, null, 1188, null, "2125-02-28", "2125-03-01")]
    [TestCase("2024-02-29", null, null, null, 1, "2025-02-27", "2025-02-28")]
    [TestCase("2024-02-29", null, null, null, 4, "2028-02-28", "2028-02-29")]
    [TestCase("2026-03-01", null, null, null, 99, "2125-02-28", "2125-03-01")]
    public void Decide_TheLastDayAndTheOneAfter_KeepsAndForgets(
        string taken, int? days, int? weeks, int? months, int? years, string last, string after)
    {
        var policy = new RetentionPolicy { DailyDays = days, WeeklyWeeks = weeks, MonthlyMonths = months, YearlyYears = years };

        Assert.That(IsKept(policy, taken, At(last) + new TimeSpan(23, 59, 59)), Is.True);
        Assert.That(IsKept(policy, taken, At(after)), Is.False);
    }

    [Test]
    public void Decide_EachWeekday_KeepsThePointOfThatDay([Values] DayOfWeek day)
    {
        var points = Days(At("2026-01-01") + TimeSpan.FromHours(2), 200);

        var kept = Kept(points, new RetentionPolicy { WeeklyWeeks = 5163, WeeklyDay = day }, points[^1].TakenAt)
            .Where(point => point.Number is > 7 and < 200).ToList();

        Assert.That(kept.Select(point => point.TakenAt.DayOfWeek), Is.All.EqualTo(day));
        Assert.That(kept, Has.Count.InRange(27, 28));
    }

    [Test]
    public void Decide_AScheduleThatFollowsDaylightSaving_KeepsOnePointOfEachWeekAndMonth([Values(0, 1, 2)] int offsetHours)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone(
            "test", TimeSpan.FromHours(1), "test", "test", "test summer", [SummerRule()]);
        var local = Enumerable.Range(0, 730).Select(i => new DateTime(2026, 1, 1, 0, 30, 0, DateTimeKind.Unspecified).AddDays(i));
        var points = local.Select((time, i) => new RetentionPoint(i + 1, new DateTimeOffset(time, zone.GetUtcOffset(time)))).ToList();
        var policy = new RetentionPolicy { WeeklyWeeks = 5163, MonthlyMonths = 1188, UtcOffset = TimeSpan.FromHours(offsetHours) };

        var decisions = RetentionPlanner.Decide(points, policy, points[^1].TakenAt);

        Assert.That(zone.GetUtcOffset(new DateTime(2026, 7, 1)), Is.EqualTo(TimeSpan.FromHours(2)));
        Assert.That(decisions.Count(d => d.Reasons.Any(reason => reason.StartsWith("weekly", StringComparison.Ordinal))), Is.InRange(104, 106));
        Assert.That(decisions.Count(d => d.Reasons.Any(reason => reason.StartsWith("monthly", StringComparison.Ordinal))), Is.InRange(24, 25));
    }

    [Test]
    public void Decide_ALeapYear_HasOneMonthlyPointInFebruaryAndOneYearlyOnItsLastDueDay()
    {
        var points = Days(At("2024-01-01"), 366);
        var policy = new RetentionPolicy { MonthlyMonths = 1188, YearlyYears = 99, MonthlyDay = 28, YearlyMonth = 2 };

        var kept = Kept(points, policy, points[^1].TakenAt).Select(point => point.TakenAt.ToString("MM-dd")).ToList();

        Assert.That(kept, Does.Contain("02-28").And.Not.Contain("02-29"));
        Assert.That(kept.Where(day => day.EndsWith("-28", StringComparison.Ordinal)), Has.Exactly(12).Items);
    }

    [Test]
    public void Decide_PointsFromAClockThatJumped_KeepsTheNewestByNumber()
    {
        RetentionPoint[] points = [new(1, At("2026-03-01")), new(2, At("2099-01-01")), new(3, At("2001-01-01")), new(4, At("2026-03-02"))];

        var kept = Kept(points, new RetentionPolicy { DailyDays = 7 }, At("2026-03-03")).Select(point => point.Number);

        Assert.That(kept, Is.EqualTo(new[] { 1, 2, 4 }));
    }

    private static TimeZoneInfo.AdjustmentRule SummerRule() => TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
        DateTime.MinValue.Date,
        DateTime.MaxValue.Date,
        TimeSpan.FromHours(1),
        TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
        TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday));

    private static DateTimeOffset At(string day) =>
        new(DateTime.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static List<RetentionPoint> Days(DateTimeOffset from, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new RetentionPoint(i + 1, from.AddDays(i)))];

    /// <summary>Whether a point is kept that is not the newest, which stays in any case.</summary>
    private static bool IsKept(RetentionPolicy policy, string taken, DateTimeOffset now)
    {
        RetentionPoint[] points = [new(1, At(taken)), new(2, At(taken).AddHours(3))];
        return RetentionPlanner.Decide(points, policy, now)[0].IsKept;
    }

    private static IEnumerable<RetentionPoint> Kept(
        IReadOnlyCollection<RetentionPoint> points, RetentionPolicy policy, DateTimeOffset now) =>
        RetentionPlanner.Decide(points, policy, now).Where(decision => decision.IsKept).Select(decision => decision.Point);
}
