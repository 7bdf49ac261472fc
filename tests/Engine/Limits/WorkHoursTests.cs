using Harness.Engine.Errors;
using Harness.Engine.Limits;
using NUnit.Framework;

namespace Harness.Tests.Engine.Limits;

/// <summary>Work hours by the clock of a zone.</summary>
[Parallelizable]
public sealed class WorkHoursTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [TestCase("2026-11-23T07:59:59Z", false, TestName = "Contains_MondayBeforeNine_No")]
    [TestCase("2026-11-23T08:00:00Z", true, TestName = "Contains_MondayAtNine_Yes")]
    [TestCase("2026-11-23T16:59:59Z", true, TestName = "Contains_MondayBeforeSix_Yes")]
    [TestCase("2026-11-23T17:00:00Z", false, TestName = "Contains_MondayAtSix_No")]
    [TestCase("2026-11-22T10:00:00Z", false, TestName = "Contains_Sunday_No")]
    public void Contains(string moment, bool expected)
    {
        var hours = WorkHours.Parse("09:00-18:00", "mon-fri", Berlin);

        Assert.That(hours.Contains(DateTimeOffset.Parse(moment, null)), Is.EqualTo(expected));
    }

    [TestCase("2026-11-27T21:30:00Z", true, TestName = "ContainsPastMidnight_FridayNight_Yes")]
    [TestCase("2026-11-28T04:59:59Z", true, TestName = "ContainsPastMidnight_SaturdayMorningOfFriday_Yes")]
    [TestCase("2026-11-28T05:00:00Z", false, TestName = "ContainsPastMidnight_SaturdayAtSix_No")]
    [TestCase("2026-11-28T22:00:00Z", false, TestName = "ContainsPastMidnight_SaturdayNight_No")]
    [TestCase("2026-11-23T02:00:00Z", false, TestName = "ContainsPastMidnight_MondayMorningOfSunday_No")]
    public void ContainsPastMidnight(string moment, bool expected)
    {
        var hours = WorkHours.Parse("22:00-06:00", "mon-fri", Berlin);

        Assert.That(hours.Contains(DateTimeOffset.Parse(moment, null)), Is.EqualTo(expected));
    }

    [Test]
    public void NextChange_ClockGoesForwardWithinTheWindow_TheWindowIsAnHourShorter()
    {
        var hours = WorkHours.Parse("00:00-06:00", "sun", Berlin);
        var begin = hours.NextChange(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero));

        Assert.That(hours.NextChange(begin) - begin, Is.EqualTo(TimeSpan.FromHours(5)));
    }

    [Test]
    public void NextChange_ClockGoesBackWithinTheWindow_TheWindowIsAnHourLonger()
    {
        var hours = WorkHours.Parse("00:00-06:00", "sun", Berlin);
        var begin = hours.NextChange(new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero));

        Assert.That(hours.NextChange(begin) - begin, Is.EqualTo(TimeSpan.FromHours(7)));
    }

    [Test]
    public void NextChange_WindowBeginsInTheHourThatIsLeftOut_BeginsWhenTheClockHasJumped()
    {
        var hours = WorkHours.Parse("02:30-06:00", "sun", Berlin);

        var begin = hours.NextChange(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero));

        Assert.That(begin, Is.EqualTo(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public void NextChange_AnyMoment_IsTheFirstOtherAnswer()
    {
        var hours = WorkHours.Parse("07:15-16:40", "mon,wed,sat-sun", Berlin);
        var moment = new DateTimeOffset(2026, 10, 20, 0, 0, 30, TimeSpan.Zero);
        for (var change = 0; change < 12; change++)
        {
            var next = hours.NextChange(moment);

            Assert.That(hours.Contains(next), Is.Not.EqualTo(hours.Contains(moment)));
            Assert.That(hours.Contains(next.AddTicks(-1)), Is.EqualTo(hours.Contains(moment)));
            moment = next;
        }
    }

    [TestCase("9-18", 9, 18)]
    [TestCase("9:00-18:00", 9, 18)]
    [TestCase("18:00-24:00", 18, 24)]
    [TestCase("00:00-24", 0, 24)]
    public void Parse_TimesAsPeopleTypeThem_AreTheHours(string text, int from, int to)
    {
        var hours = WorkHours.Parse(text, "mon", TimeZoneInfo.Utc);
        var monday = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

        Assert.That(
            Enumerable.Range(0, 24).Where(hour => hours.Contains(monday.AddHours(hour))), Is.EqualTo(Enumerable.Range(from, to - from)));
    }

    [TestCase("9-18-20", "mon")]
    [TestCase("nine-five", "mon")]
    [TestCase("09:00", "mon")]
    [TestCase("09:00-25:00", "mon")]
    [TestCase("09:00-18:00", "monday")]
    [TestCase("09:00-18:00", "")]
    [TestCase("09:00-18:00", "mon-tue-wed")]
    public void Parse_Nonsense_IsRefusedWithTheWord(string hours, string days)
    {
        var error = Assert.Throws<BackupException>(() => WorkHours.Parse(hours, days, Berlin))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.ArgumentInvalid));
        Assert.That(error.Message, Does.Contain($"'{(hours == "09:00-18:00" ? days : hours)}'"));
        Assert.That(error.Remedy, Is.Not.Empty);
    }
}
