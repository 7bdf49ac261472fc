using Harness.Simulator.Kernel;
using NUnit.Framework;

namespace Harness.Tests.Faults;

/// <summary>A machine's clock as faults leave it: FAULT_MODEL.md section 2, "Clock and credentials".</summary>
internal sealed class HostClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 20, 0, TimeSpan.Zero);

    [Test]
    public void Step_Back_MovesTheWallAndNothingElse()
    {
        var inner = new SimClock(Noon);
        var clock = new HostClock(inner);
        inner.Advance(TimeSpan.FromSeconds(5));
        var before = clock.GetTimestamp();

        clock.Step(TimeSpan.FromDays(-3650));

        Assert.That(clock.GetUtcNow(), Is.EqualTo(Noon.AddSeconds(5).AddDays(-3650)));
        Assert.That(clock.GetTimestamp(), Is.EqualTo(before));
        clock.Heal();
        Assert.That(clock.GetUtcNow(), Is.EqualTo(inner.GetUtcNow()));
    }

    [TestCase(100, 66)]
    [TestCase(-100, 54)]
    public void Skew_OverAnHour_GainsOrLosesATenthFromThenOn(int permille, int minutes)
    {
        var inner = new SimClock(Noon);
        var clock = new HostClock(inner);
        inner.Advance(TimeSpan.FromHours(5));

        clock.Skew(permille);
        inner.Advance(TimeSpan.FromHours(1));

        Assert.That(clock.GetUtcNow(), Is.EqualTo(Noon.AddHours(5).AddMinutes(minutes)));
        clock.Skew(0);
        inner.Advance(TimeSpan.FromHours(1));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(Noon.AddHours(6).AddMinutes(minutes)));
        Assert.That(clock.GetElapsedTime(0), Is.EqualTo(inner.GetElapsedTime(0)));
    }

    [TestCase(true, 23)]
    [TestCase(false, 25)]
    public void SavedTime_ToOrFrom_TheLocalDayHasAnotherLength(bool forward, int hours)
    {
        var inner = new SimClock(Noon);
        var clock = new HostClock(inner);

        clock.ChangeToOrFromSavedTime(forward);

        var zone = clock.LocalTimeZone;
        Assert.That(TimeZoneInfo.ConvertTime(Noon, zone).TimeOfDay, Is.EqualTo(Noon.TimeOfDay), "until the change nothing is to be seen");
        Assert.That(clock.GetUtcNow(), Is.EqualTo(Noon));
        Assert.That(zone.GetUtcOffset(Noon.AddHours(2)) - zone.GetUtcOffset(Noon), Is.EqualTo(TimeSpan.FromHours(forward ? 1 : -1)));
        Assert.That(LengthOfDay(zone, 2026, 3, 29), Is.EqualTo(TimeSpan.FromHours(hours)));
    }

    private static TimeSpan LengthOfDay(TimeZoneInfo zone, int year, int month, int day)
    {
        var midnight = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified);
        return TimeZoneInfo.ConvertTimeToUtc(midnight.AddDays(1), zone) - TimeZoneInfo.ConvertTimeToUtc(midnight, zone);
    }
}
