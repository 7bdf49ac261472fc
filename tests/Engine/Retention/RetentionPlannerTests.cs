using Harness.Engine.Errors;
using Harness.Engine.Retention;
using NUnit.Framework;

namespace Harness.Tests.Engine.Retention;

/// <summary>Which points a policy keeps, over years of virtual time.</summary>
[Parallelizable]
public sealed class RetentionPlannerTests
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 1, 0, 0, TimeSpan.Zero);

    [Test]
    public void Decide_ThePublishedExampleOfTwoADay_Keeps56()
    {
        // CA16 backup-azure-backup-cloud-as-tape.md counts two backups for each weekly and monthly day; one counts here, since a
        // tier keeps the point that made it up: 2 x 7 + 4 + 12 + 10 less what several tiers keep.
        var points = Enumerable.Range(0, 2 * 365 * 11)
            .Select(i => new RetentionPoint(i + 1, Start.AddHours(12 * i)))
            .ToList();
        var now = points[^1].TakenAt;

        var kept = RetentionPlanner.Decide(points, All(7, 4, 12, 10), now).Where(decision => decision.IsKept).ToList();

        Assert.That(Count(kept, "daily"), Is.EqualTo(14));
        Assert.That(Count(kept, "weekly"), Is.EqualTo(4));
        Assert.That(Count(kept, "monthly"), Is.EqualTo(12));
        Assert.That(Count(kept, "yearly"), Is.EqualTo(10));
    }

    [Test]
    public void Decide_ForgettingEveryDayForYears_KeepsWhatDecidingAtTheEndKeeps([Range(1, 6)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var policy = All(random.Next(7, 20), random.Next(4, 9), random.Next(3, 20), random.Next(1, 4)) with
        {
            WeeklyDay = (DayOfWeek)random.Next(7),
            MonthlyDay = random.Next(1, 29),
            YearlyMonth = random.Next(1, 13),
            UtcOffset = TimeSpan.FromHours(random.Next(-12, 13)),
        };
        var all = new List<RetentionPoint>();
        var held = new List<RetentionPoint>();
        var now = Start;
        for (var day = 0; day < 1600; day++)
        {
            now += TimeSpan.FromMinutes(random.Next(1, 2 * 24 * 60));
            var point = new RetentionPoint(all.Count + 1, now);
            all.Add(point);
            held.Add(point);
            held = [.. Kept(held, policy, now)];
        }

        Assert.That(held, Is.EqualTo(Kept(all, policy, now)));
        Assert.That(held, Does.Contain(all[^1]));
    }

    [Test]
    public void Decide_LaterAndLater_NeverKeepsMoreOfTheSamePoints()
    {
        var points = Enumerable.Range(1, 400).Select(i => new RetentionPoint(i, Start.AddDays(i))).ToList();
        var before = points.ToHashSet();
        for (var day = 400; day < 2500; day += 13)
        {
            var kept = Kept(points, All(30, 20, 24, 5), Start.AddDays(day)).ToHashSet();
            Assert.That(kept.IsSubsetOf(before), Is.True, $"day {day}");
            before = kept;
        }

        Assert.That(before, Does.Contain(points[^1]));
    }

    [Test]
    public void Decide_ARunThatWasMissed_KeepsTheNextOneInItsPlace()
    {
        var sunday = new DateTimeOffset(2026, 3, 8, 3, 0, 0, TimeSpan.Zero);
        RetentionPoint[] points = [new(1, sunday), new(2, sunday.AddDays(1)), new(3, sunday.AddDays(60))];

        var decisions = RetentionPlanner.Decide(
            points, new RetentionPolicy { WeeklyWeeks = 52, WeeklyDay = DayOfWeek.Saturday }, sunday.AddDays(61));

        Assert.That(decisions.Select(decision => decision.IsKept), Is.EqualTo(new[] { true, false, true }));
        Assert.That(decisions[0].Reasons[0], Does.StartWith("weekly of 2026-03-07 until 2027-03-07"));
    }

    [Test]
    public void Decide_AnOffset_MovesTheDay()
    {
        RetentionPoint[] points = [new(1, new(2026, 3, 1, 23, 30, 0, TimeSpan.Zero)), new(2, new(2026, 3, 20, 0, 0, 0, TimeSpan.Zero))];
        var policy = new RetentionPolicy { DailyDays = 7 };
        var now = new DateTimeOffset(2026, 3, 8, 22, 0, 0, TimeSpan.Zero);

        Assert.That(RetentionPlanner.Decide(points, policy, now)[0].IsKept, Is.False);
        Assert.That(
            RetentionPlanner.Decide(points, policy with { UtcOffset = TimeSpan.FromHours(1) }, now)[0].IsKept, Is.True);
    }

    [TestCase(6, null, null, null, "7 to 9999")]
    [TestCase(10_000, null, null, null, "7 to 9999")]
    [TestCase(null, 3, null, null, "4 to 5163")]
    [TestCase(null, 5164, null, null, "4 to 5163")]
    [TestCase(null, null, 2, null, "3 to 1188")]
    [TestCase(null, null, 1189, null, "3 to 1188")]
    [TestCase(null, null, null, 0, "1 to 99")]
    [TestCase(null, null, null, 100, "1 to 99")]
    [TestCase(null, null, null, null, "at least one")]
    public void Policy_OutsideTheDocumentedRange_IsRefusedWithIt(int? days, int? weeks, int? months, int? years, string range)
    {
        var policy = new RetentionPolicy { DailyDays = days, WeeklyWeeks = weeks, MonthlyMonths = months, YearlyYears = years };

        var error = Assert.Throws<BackupException>(policy.RequireValid)!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.RetentionPolicyInvalid));
        Assert.That(error.Remedy, Does.Contain(range));
    }

    [Test]
    public void Policy_AtTheEndsOfTheRanges_IsTakenToTheEndOfTheCalendar()
    {
        RetentionPoint[] points = [new(1, new(9990, 5, 5, 0, 0, 0, TimeSpan.Zero)), new(2, new(9999, 12, 30, 0, 0, 0, TimeSpan.Zero))];

        var decisions = RetentionPlanner.Decide(points, All(9999, 5163, 1188, 99), points[1].TakenAt);

        Assert.That(decisions, Is.All.Property(nameof(RetentionDecision.IsKept)).True);
    }

    [Test]
    public void Limit_The10000thPoint_IsRefused()
    {
        RecoveryPointLimit.RequireRoom("data", 9998);

        var error = Assert.Throws<BackupException>(() => RecoveryPointLimit.RequireRoom("data", 9999))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecoveryPointLimitReached));
    }

    private static RetentionPolicy All(int days, int weeks, int months, int years) =>
        new() { DailyDays = days, WeeklyWeeks = weeks, MonthlyMonths = months, YearlyYears = years };

    private static IEnumerable<RetentionPoint> Kept(
        IReadOnlyCollection<RetentionPoint> points, RetentionPolicy policy, DateTimeOffset now) =>
        [.. RetentionPlanner.Decide(points, policy, now).Where(decision => decision.IsKept).Select(decision => decision.Point)];

    private static int Count(IEnumerable<RetentionDecision> kept, string tier) =>
        kept.Count(decision => decision.Reasons.Any(reason => reason.StartsWith(tier, StringComparison.Ordinal)));
}
