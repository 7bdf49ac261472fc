using Harness.Engine.Errors;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>What was condemned, and is needed after all or held by somebody, stays.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class NeededAgainTests
{
    /// <summary>A prune condemns the point, the commits before it that it rests on, and their content, while it is being undeleted.</summary>
    [Test]
    public async Task Undelete_APruneCondemnsItMeanwhile_GivesThePointBackWhole()
    {
        var rig = await PointsAsync(36);
        await rig.ForgetAsync([.. Enumerable.Range(2, 33).Select(point => (long)point)]);
        rig.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(1));
        var condemned = 0L;
        rig.WrapNextVault(vault => new InterposingVault(vault, async call =>
        {
            if (call.Operation == "create" && call.Name.StartsWith("deleted/", StringComparison.Ordinal))
            {
                rig.Clock.Advance(TimeSpan.FromMinutes(2));
                condemned = (await rig.PruneAsync(maxUnusedPercent: 0)).RecoveryPointsGone;
            }
        }));

        await rig.UndeleteAsync(20);
        for (var i = 0; i < 3; i++)
        {
            await rig.PruneAsync(maxUnusedPercent: 0);
        }

        Assert.That(condemned, Is.EqualTo(33));
        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new long[] { 1, 20, 35, 36 }));
        foreach (var point in new[] { 1, 20, 35, 36 })
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"recovery point {point}");
        }

        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Undelete_SessionWasTakenAwayMeanwhile_ClaimsNoSuccess()
    {
        var rig = await PointsAsync(3);
        await rig.ForgetAsync(1);
        rig.WrapNextVault(vault => new InterposingVault(vault, (VaultCall call) =>
        {
            _ = call.Operation == "create" && call.Name.StartsWith("deleted/", StringComparison.Ordinal)
                && rig.Store.Remove(rig.Store.Names("sessions/")[0]);
            return ValueTask.CompletedTask;
        }));

        await BackupErrors.ExpectAsync(ErrorCode.SessionBroken, () => rig.UndeleteAsync(1));
    }

    [Test]
    public async Task Undelete_RemovesTheOldMarker_TheNewOneIsThere()
    {
        var rig = await PointsAsync(3);
        await rig.ForgetAsync(1);
        var markers = 0;
        rig.WrapNextVault(vault => new InterposingVault(vault, (VaultCall call) =>
        {
            markers = call.Operation == "delete" && call.Name.StartsWith("deleted/", StringComparison.Ordinal) ? rig.Store.Names("deleted/").Count : markers;
            return ValueTask.CompletedTask;
        }));

        await rig.UndeleteAsync(1);

        Assert.That(markers, Is.EqualTo(2));
    }

    /// <summary>The commit after a forgotten one was withdrawn: the next run follows the forgotten one.</summary>
    [Test]
    public async Task Prune_TheNewestLeftIsForgotten_KeepsIt()
    {
        var rig = await PointsAsync(3);
        await rig.ForgetAsync(2);
        rig.Store.Remove(rig.Store.Names("commits/")[2]);
        rig.Clock.Advance(TimeSpan.FromDays(20));

        var gone = (await rig.PruneAsync(maxUnusedPercent: 0)).RecoveryPointsGone + (await rig.PruneAsync(maxUnusedPercent: 0)).RecoveryPointsGone;
        rig.Scratch = new(1L << 40);
        await rig.BackupAsync();

        Assert.That(gone, Is.Zero);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Prune_TheCopiesOfAPackAreGone_KeepsThePack()
    {
        var rig = await PointsAsync(4);
        await rig.ForgetAsync(1, 2, 3);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        var before = rig.Store.Names("packs/");
        var repacked = (await rig.PruneAsync(maxUnusedPercent: 0)).RepackedPacks;
        foreach (var copy in rig.Store.Names("packs/").Except(before))
        {
            rig.Store.Remove(copy);
        }

        await rig.PruneAsync(maxUnusedPercent: 0);

        Assert.That(repacked, Is.Positive);
        Assert.That(await rig.DifferencesAsync(4), Is.Empty);
    }

    /// <summary>What an index named that is lost may be needed, and a repair can name it again.</summary>
    [Test]
    public async Task Prune_AnIndexIsLost_KeepsThePacksThatNothingNames()
    {
        var rig = await PointsAsync(3);
        rig.Store.Remove(rig.Store.Names("index/")[0]);
        var packs = rig.Store.Names("packs/");

        await rig.PruneAsync(maxUnusedPercent: 100);
        await rig.PruneAsync(maxUnusedPercent: 100);

        Assert.That(rig.Store.Names("packs/"), Is.EqualTo(packs));
        await rig.RepairAsync();
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Prune_ASessionCannotBeRead_WaitsForIt()
    {
        var rig = await PointsAsync(3);
        await rig.ForgetAsync(1, 2);
        rig.Clock.Advance(TimeSpan.FromDays(20));
        await rig.PruneAsync();
        rig.Volume.CreateFile("more", 100_000, seed: 77);
        var session = "";
        rig.WrapNextVault(vault => new InterposingVault(vault, (VaultCall call) =>
        {
            session = rig.Store.Names("sessions/").FirstOrDefault() ?? session;
            return session.Length > 0 ? throw new BackupException(ErrorCode.VaultUnreachable, "The machine is off (injected).") : ValueTask.CompletedTask;
        }));
        await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, () => rig.BackupAsync());
        rig.Store.Corrupt(session, content => [.. content.Select((value, at) => at == 40 ? (byte)(value ^ 1) : value)]);

        var report = await rig.PruneAsync();

        Assert.That(report.WaitingFor, Is.EqualTo(new[] { session }));
        Assert.That(report.RemovedPacks, Is.Zero);
    }

    /// <summary>
    /// A run dies before a checkpoint names its packs, a prune condemns them, and they are removed while the next run is about to commit: it
    /// must not go on from them.
    /// </summary>
    [Test]
    public async Task Resume_WhatTheDeadRunSentIsCondemned_SendsItAgain()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        for (var i = 0; i < 20; i++)
        {
            rig.Volume.CreateFile($"file {i}", 30_000, seed: (ulong)i + 1);
        }

        var packs = 0;
        rig.WrapNextVault(vault => new FaultyVault(vault, call =>
            packs >= 3 || (call.Operation == "create" && call.Name.StartsWith("packs/", StringComparison.Ordinal) && ++packs == 3) ? VaultFault.Before : null));
        await BackupErrors.ExpectAsync(ErrorCode.VaultUnreachable, () => rig.BackupAsync());
        var dead = rig.Store.Names("sessions/")[0];
        var condemned = (await rig.PruneAsync()).CondemnedPacks;
        var removed = 0L;
        rig.WrapNextVault(vault => new InterposingVault(vault, async (VaultCall call) =>
        {
            if (call.Operation == "create" && call.Name.StartsWith("commits/", StringComparison.Ordinal))
            {
                removed = (await rig.PruneAsync(breakSession: dead)).RemovedPacks;
            }
        }));

        await rig.BackupAsync();

        Assert.That(condemned, Is.EqualTo(2));
        Assert.That(removed, Is.EqualTo(2));
        await rig.AssertAllWellAsync();
    }

    /// <summary>Each recovery point has a part of an image and a file of its own.</summary>
    private static async Task<EngineRig> PointsAsync(int count)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("image.vhd", 200_000, seed: 1);
        for (var i = 1; i <= count; i++)
        {
            rig.Volume.WriteGenerated("image.vhd", 4096 * (i % 40), 8192, (ulong)i + 50);
            rig.Volume.CreateFile($"file {i}", 20_000, seed: (ulong)i + 100);
            if (i > 1)
            {
                rig.Volume.Delete($"file {i - 1}");
            }

            await rig.BackupAsync();
        }

        return rig;
    }
}
