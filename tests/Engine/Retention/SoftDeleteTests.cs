using Harness.Engine.Errors;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Retention;

/// <summary>The 14 days of a forgotten recovery point, to the second, on clocks that go right and on those that jump.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SoftDeleteTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromDays(14);

    [Test]
    public async Task Undelete_OneSecondBeforeTheEnd_GivesThePointBack()
    {
        var rig = await ForgottenAsync();
        rig.Clock.Advance(Period - Second);
        Assert.That((await rig.PruneAsync()).RecoveryPointsGone, Is.Zero);

        await rig.UndeleteAsync(1);

        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Undelete_AtTheEnd_IsRefusedAndThePruneTakesThePoint()
    {
        var rig = await ForgottenAsync();
        rig.Clock.Advance(Period);

        await BackupErrors.ExpectAsync(ErrorCode.RecoveryPointNotChangeable, () => rig.UndeleteAsync(1));

        Assert.That((await rig.PruneAsync()).RecoveryPointsGone, Is.EqualTo(1));
    }

    [Test]
    public async Task Prune_ClockJumpsBackAfterTheForgetting_WaitsForIt()
    {
        var rig = await ForgottenAsync();
        rig.Clock.SetUtcNow(rig.Clock.GetUtcNow().AddYears(-3));
        Assert.That((await rig.PruneAsync()).RecoveryPointsGone, Is.Zero);
        rig.Clock.Advance(TimeSpan.FromDays(100));
        Assert.That((await rig.PruneAsync()).RecoveryPointsGone, Is.Zero);

        await rig.UndeleteAsync(1);

        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Prune_ClockJumpsForwardAndBackAgain_WhatIsGoneStaysGoneAndTheRestStays()
    {
        var rig = await ForgottenAsync();
        var now = rig.Clock.GetUtcNow();
        rig.Clock.SetUtcNow(now.AddYears(50));
        Assert.That((await rig.PruneAsync()).RecoveryPointsGone, Is.EqualTo(1));
        rig.Clock.SetUtcNow(now);

        await BackupErrors.ExpectAsync(ErrorCode.RecoveryPointNotChangeable, () => rig.UndeleteAsync(1));

        await rig.PruneAsync();
        await rig.PruneAsync();
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
        Assert.That(await rig.DifferencesAsync(3), Is.Empty);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [TestCase(-40)]
    [TestCase(60)]
    public async Task Backup_ClockJumpsBetweenRuns_ProtectsWhatChangedAndListsByNumber(int years)
    {
        var rig = await ForgottenAsync();
        var now = rig.Clock.GetUtcNow();
        rig.Volume.WriteGenerated("a.bin", 4096, 100, seed: 71);
        rig.Clock.SetUtcNow(now.AddYears(years));
        rig.Volume.WriteGenerated("a.bin", 8192, 100, seed: 72);
        await rig.BackupAsync();
        rig.Volume.WriteGenerated("a.bin", 12_288, 100, seed: 73);
        rig.Clock.SetUtcNow(now);
        rig.Volume.CreateFile("late.bin", 5000, seed: 74);
        await rig.BackupAsync();

        for (var point = 2; point <= 5; point++)
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"recovery point {point}");
        }

        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new[] { 2, 3, 4, 5 }));
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    /// <summary>Three recovery points, the first forgotten this moment.</summary>
    private static async Task<EngineRig> ForgottenAsync()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("a.bin", 40_000, seed: 1);
        rig.Volume.CreateFile("once.bin", 9000, seed: 2);
        await rig.BackupAsync();
        rig.Volume.Delete("once.bin");
        for (var i = 2; i <= 3; i++)
        {
            rig.Volume.WriteGenerated("a.bin", 0, 4096, (ulong)i);
            await rig.BackupAsync();
        }

        await rig.ForgetAsync(1);
        return rig;
    }
}
