using Harness.Engine.Errors;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Prune;

/// <summary>Forgetting, undeleting and removing, one after the other: what is kept restores, what is gone is gone.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PruneTests
{
    [Test]
    public async Task Prune_NothingForgotten_ChangesNothing()
    {
        var rig = await PointsAsync(4);
        var before = rig.Store.Snapshot();

        var report = await rig.PruneAsync(maxUnusedPercent: 100);

        Assert.That((report.CondemnedPacks, report.RemovedPacks, report.RecoveryPointsGone), Is.EqualTo((0, 0, 0)));
        Assert.That(rig.Store.Snapshot(), Is.EqualTo(before));
    }

    [Test]
    public async Task Prune_BeforeAndAfterFourteenDays_KeepsAndRemoves()
    {
        var rig = await PointsAsync(5);
        var bytes = Bytes(rig);
        await rig.ForgetAsync(1, 2, 3);
        rig.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        await PruneTwiceAsync(rig);
        await rig.UndeleteAsync(2);
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromDays(1));

        var first = await rig.PruneAsync();
        var second = await rig.PruneAsync();

        Assert.That(first.RecoveryPointsGone, Is.EqualTo(2));
        Assert.That(second.RemovedPacks, Is.Positive);
        Assert.That(Bytes(rig), Is.LessThan(bytes));
        Assert.That((await rig.RecoveryPointsAsync()).Select(point => point.RecoveryPoint), Is.EqualTo(new long[] { 2, 4, 5 }));
        await AssertKeptAsync(rig, 2, 4, 5);
        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.UndeleteAsync(1)))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecoveryPointNotChangeable).Or.EqualTo(ErrorCode.RecoveryPointNotFound));
        await AssertGoesOnAsync(rig);
    }

    [Test]
    public async Task Forget_TheNewest_IsRefused()
    {
        var rig = await PointsAsync(2);

        var error = (await Assert.ThrowsAsync<BackupException>(() => rig.ForgetAsync(2)))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecoveryPointNotChangeable));
    }

    [Test]
    public async Task Prune_LongHistoryMostOfItForgotten_RemovesCommitsBetweenChains()
    {
        var rig = await PointsAsync(45);
        await rig.ForgetAsync([.. Enumerable.Range(2, 42).Select(n => (long)n)]);
        rig.Clock.Advance(TimeSpan.FromDays(15));

        await rig.PruneAsync();
        var report = await rig.PruneAsync();

        Assert.That(report.RemovedCommits, Is.Positive);
        Assert.That(report.RemovedManifests, Is.EqualTo(report.RemovedCommits));
        await AssertKeptAsync(rig, 1, 44, 45);
        await AssertGoesOnAsync(rig);
    }

    [TestCase(VaultFault.Before)]
    [TestCase(VaultFault.After)]
    [TestCase(VaultFault.FalseForOwn)]
    public async Task Prune_EachVaultCallFails_LosesNothingAndTheNextPruneGoesOn(VaultFault fault)
    {
        var start = await PointsAsync(4);
        await start.ForgetAsync(1, 2);
        start.Clock.Advance(TimeSpan.FromDays(15));
        var clean = start.Store.Snapshot();
        for (var number = 0; number < 1000; number++)
        {
            start.Store.Restore(clean);
            var met = false;
            var calls = 0;
            start.WrapVault = vault => new FaultyVault(vault, _ =>
            {
                var hit = calls++ == number;
                met |= hit;
                return hit ? fault : null;
            });
            for (var round = 0; round < 3; round++)
            {
                try
                {
                    await start.PruneAsync(maxUnusedPercent: 0);
                }
                catch (BackupException error)
                {
                    Assert.That(error.Code, Is.EqualTo(ErrorCode.VaultUnreachable), $"call {number}");
                }
            }

            start.WrapVault = static vault => vault;
            await AssertKeptAsync(start, 3, 4);
            if (!met)
            {
                Assert.That(number, Is.GreaterThan(30));
                await AssertGoesOnAsync(start);
                return;
            }
        }

        Assert.Fail("The prune never ended without a fault.");
    }

    [Test]
    public async Task Prune_APackIsLost_HasItsContentSentAgainAndThenForgetsThePack()
    {
        var rig = await PointsAsync(3);
        var lost = rig.Store.Names("packs/").First(name => rig.Store.Snapshot()[name].Length > 20_000);
        rig.Store.Remove(lost);
        await rig.PruneAsync();

        // The same content at other places is read, and found nowhere that can be relied on.
        rig.Volume.CreateFile("image again.vhd", 300_000, seed: 1);
        rig.Volume.CreateFile("file 2 again", 30_000, seed: 102);
        rig.Volume.CreateFile("file 3 again", 30_000, seed: 103);
        for (var i = 2; i <= 3; i++)
        {
            rig.Volume.CreateFile($"pages {i}", 8192, seed: (ulong)i + 50);
        }

        var report = await rig.BackupAsync();

        Assert.That(await rig.DifferencesAsync(report.RecoveryPoint!.Value), Is.Empty);
        Assert.That((await rig.RestoreAsync(report.RecoveryPoint)).Report.Failed.Select(item => item.Path), Does.Not.Contain("image again.vhd"));
    }

    private static async Task<EngineRig> PointsAsync(int count)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 } };
        rig.Volume.CreateFile("image.vhd", 300_000, seed: 1);
        rig.Volume.CreateFile("secret.bin", 50_000, seed: 2);
        rig.Volume.Encrypt("secret.bin");
        await rig.BackupAsync();
        for (var i = 2; i <= count; i++)
        {
            rig.Volume.WriteGenerated("image.vhd", 4096 * (i % 60), 8192, (ulong)i + 50);
            rig.Volume.Append("secret.bin", "x"u8);
            rig.Volume.CreateFile($"file {i}", 30_000, seed: (ulong)i + 100);
            if (i > 2)
            {
                rig.Volume.Delete($"file {i - 1}");
            }

            await rig.BackupAsync();
        }

        return rig;
    }

    private static async Task PruneTwiceAsync(EngineRig rig)
    {
        await rig.PruneAsync();
        await rig.PruneAsync();
    }

    private static long Bytes(EngineRig rig) => rig.Store.Snapshot().Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal))
        .Sum(item => (long)item.Value.Length);

    private static async Task AssertKeptAsync(EngineRig rig, params long[] points)
    {
        foreach (var point in points)
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"recovery point {point}");
        }

        var check = await rig.CheckAsync();
        Assert.That(check.Findings, Is.Empty);
    }

    private static async Task AssertGoesOnAsync(EngineRig rig)
    {
        rig.Volume.CreateFile("one more", 90_000, seed: 999);
        var report = await rig.BackupAsync();
        Assert.That(await rig.DifferencesAsync(report.RecoveryPoint!.Value), Is.Empty);
    }
}
