using Harness.Engine.Limits;
using Harness.Engine.Ports;
using Harness.Simulator.Kernel;
using Harness.Simulator.Vaults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Limits;

/// <summary>Bytes by virtual time through a vault within limits.</summary>
[Parallelizable]
public sealed class LimitedVaultTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Test]
    public void Create_SeveralAtOnce_ShareTheLineAndNeverExceedIt()
    {
        var clock = new SimClock(Monday);
        var (vault, store) = Limited(clock, new Bandwidth(new Rate(1000)));
        var tasks = Enumerable.Range(0, 5).Select(i => vault.CreateAsync($"b{i}", new byte[2500], default).AsTask()).ToList();

        for (var halfSeconds = 1; halfSeconds <= 25; halfSeconds++)
        {
            Assert.That(tasks, Has.Some.Property("IsCompleted").False, $"after {halfSeconds} half seconds");
            clock.Advance(TimeSpan.FromMilliseconds(500));

            Assert.That(store.UsedBytes, Is.LessThanOrEqualTo(halfSeconds * 500), $"after {halfSeconds} half seconds");
        }

        Assert.That(tasks, Has.All.Property("IsCompletedSuccessfully").True);
    }

    [Test]
    public async Task Create_AfterAPause_SavesNothingUp()
    {
        var clock = new SimClock(Monday);
        var (vault, store) = Limited(clock, new Bandwidth(new Rate(1000)));
        clock.Advance(TimeSpan.FromHours(1));

        var first = vault.CreateAsync("a", new byte[1000], default).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(store.UsedBytes, Is.Zero);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await first, Is.True);
    }

    [Test]
    public async Task Create_WindowBeginsWithinABlob_TheRestPassesAtTheOtherRate()
    {
        var clock = new SimClock(Monday.AddSeconds(-10));
        var hours = WorkHours.Parse("08:00-09:00", "mon", TimeZoneInfo.Utc);
        var (vault, _) = Limited(clock, new Bandwidth(new Rate(1000), hours, new Rate(10)));

        var task = vault.CreateAsync("a", new byte[10_100], default).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(19_999));
        Assert.That(task.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await task, Is.True);
    }

    [Test]
    public async Task Create_UnlimitedOutsideOfWorkHours_PassesAtOnceWhenTheyEnd()
    {
        var clock = new SimClock(Monday);
        var hours = WorkHours.Parse("08:00-08:01", "mon", TimeZoneInfo.Utc);
        var (vault, store) = Limited(clock, new Bandwidth(null, hours, new Rate(1)));

        var tasks = Enumerable.Range(0, 3).Select(i => vault.CreateAsync($"b{i}", new byte[1 << 20], default).AsTask()).ToList();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(store.UsedBytes, Is.Zero);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(tasks, Has.All.Property("IsCompletedSuccessfully").True);
        Assert.That(await vault.CreateAsync("later", new byte[1 << 20], default), Is.True);
    }

    [Test]
    public async Task Read_AtARate_IsHandedOverWhenItMayHaveCome()
    {
        var clock = new SimClock(Monday);
        var store = new MemoryVaultStore();
        await new MemoryVault(store).CreateAsync("a", new byte[3000], default);
        var vault = LimitedVault.Of(new MemoryVault(store), Bandwidth.Unlimited, new Bandwidth(new Rate(1000)), clock);

        var whole = vault.ReadAsync("a", 5000, default).AsTask();
        var range = vault.ReadRangeAsync("a", 2000, new byte[4000], default).AsTask();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((whole.IsCompleted, range.IsCompleted), Is.EqualTo((false, true)));
        clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.That(whole.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((await whole).Length, Is.EqualTo(3000));
    }

    [Test]
    public void Create_ClockSetBackByAYear_DoesNotStandStill()
    {
        var clock = new SimClock(Monday);
        var (vault, store) = Limited(clock, new Bandwidth(new Rate(1000)));
        var first = vault.CreateAsync("a", new byte[1000], default).AsTask();
        clock.SetUtcNow(Monday.AddYears(-1));
        var second = vault.CreateAsync("b", new byte[1000], default).AsTask();

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((first.IsCompleted, second.IsCompleted, store.UsedBytes), Is.EqualTo((true, true, 2000L)));
    }

    [Test]
    public void Create_CancelledWhileItWaits_EndsAtOnceAndSendsNothing()
    {
        var clock = new SimClock(Monday);
        var (vault, store) = Limited(clock, new Bandwidth(new Rate(1)));
        using var cancellation = new CancellationTokenSource();
        var task = vault.CreateAsync("a", new byte[1000], cancellation.Token).AsTask();

        cancellation.Cancel();

        Assert.That(async () => await task, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(store.UsedBytes, Is.Zero);
    }

    [Test]
    public void Of_NoLimits_IsTheVaultItself()
    {
        var vault = new MemoryVault(new MemoryVaultStore());

        Assert.That(LimitedVault.Of(vault, Bandwidth.Unlimited, Bandwidth.Unlimited, new SimClock()), Is.SameAs(vault));
    }

    [Test]
    public async Task Backup_WithinALimit_EqualsOneWithoutAndTakesTheTimeOfItsBytes()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.bin", 3_000_000);
        IVault? limited = null;
        rig.WrapVault = vault => limited = LimitedVault.Of(vault, new Bandwidth(new Rate(100_000)), Bandwidth.Unlimited, rig.Clock);

        var run = rig.BackupAsync();
        while (!run.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        var report = await run;
        rig.WrapVault = static vault => vault;
        Assert.That(limited, Is.Not.Null);

        var seconds = report.Phases.Sum(phase => phase.Milliseconds) / 1000;
        Assert.That(seconds, Is.EqualTo(report.SentBytes / 100_000.0).Within(1).Percent);
        await rig.AssertAllWellAsync();
    }

    private static (IVault Vault, MemoryVaultStore Store) Limited(SimClock clock, Bandwidth upload)
    {
        var store = new MemoryVaultStore();
        return (LimitedVault.Of(new MemoryVault(store), upload, Bandwidth.Unlimited, clock), store);
    }
}
