using Harness.Engine.Errors;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.RecoveryPoints;

/// <summary>What lists remember in the scratch location: few requests, and never another answer than the vault's.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PointListTests
{
    private const int Points = 30;

    /// <summary>repo, two for the key, and a listing each of commits and markers; then the newest commit.</summary>
    private const int RequestsOfAKnownList = 6;

    [Test]
    public async Task List_ForTheSecondTime_ReadsTheNewestCommitAlone()
    {
        var (rig, requests) = await RigAsync();
        var first = await rig.RecoveryPointsAsync();
        var firstRequests = requests();

        var second = await rig.RecoveryPointsAsync();

        Assert.That(firstRequests, Is.EqualTo(RequestsOfAKnownList - 1 + Points));
        Assert.That(requests(), Is.EqualTo(RequestsOfAKnownList));
        Assert.That(second, Is.EqualTo(first));
        rig.RememberPoints = false;
        Assert.That(await rig.RecoveryPointsAsync(), Is.EqualTo(first));
    }

    [Test]
    public async Task List_AfterMoreBackupsAndAForget_ReadsWhatIsNew()
    {
        var (rig, requests) = await RigAsync();
        await rig.RecoveryPointsAsync();
        await rig.BackupAsync();
        await rig.BackupAsync();
        await rig.ForgetAsync(7, 8, 31);
        Assert.That(requests(), Is.EqualTo(RequestsOfAKnownList + 1 + 1 + 3));

        var list = await rig.RecoveryPointsAsync();

        Assert.That(list.Select(point => point.RecoveryPoint), Is.EqualTo(Enumerable.Range(1, 32).Where(n => n is not (7 or 8 or 31))));
        Assert.That(requests(), Is.EqualTo(RequestsOfAKnownList));
    }

    [Test]
    public async Task List_OfAnotherHistoryThanTheOneRemembered_IsTheVaults()
    {
        var (rig, _) = await RigAsync();
        var other = new EngineRig(61, store: new());
        other.Store.Restore(rig.Store.Snapshot());
        foreach (var each in new[] { rig, other })
        {
            each.Volume.CreateFile($"{(each == rig ? 5000 : 6000)}", each == rig ? 5000 : 6000, seed: 9);
            await each.BackupAsync();
        }

        await rig.RecoveryPointsAsync();
        rig.Store.Restore(other.Store.Snapshot());

        var list = await rig.RecoveryPointsAsync();

        rig.RememberPoints = false;
        Assert.That(list, Is.EqualTo(await rig.RecoveryPointsAsync()));
        Assert.That(list[^1].Protected.LogicalBytes, Is.EqualTo(6000));
    }

    [TestCase("torn")]
    [TestCase("flipped")]
    [TestCase("gone")]
    public async Task List_WhatIsRememberedIsDamaged_IsReadAgainAndRememberedAnew(string damage)
    {
        var (rig, requests) = await RigAsync();
        var list = await rig.RecoveryPointsAsync();
        var file = (await rig.Scratch.ListAsync(default)).Single(name => name.StartsWith("points-", StringComparison.Ordinal));
        switch (damage)
        {
            case "torn":
                await rig.Scratch.AppendAsync(file, new byte[] { 9, 0, 0, 0, 1 }, default);
                await rig.BackupAsync();
                list = await rig.RecoveryPointsAsync();
                break;
            case "flipped":
                rig.Scratch.Flip(file, 100);
                break;
            default:
                await rig.Scratch.DeleteAsync(file, default);
                break;
        }

        Assert.That(await rig.RecoveryPointsAsync(), Is.EqualTo(list));
        Assert.That(await rig.RecoveryPointsAsync(), Is.EqualTo(list));
        Assert.That(requests(), Is.EqualTo(RequestsOfAKnownList));
    }

    [Test]
    public async Task List_ARememberedCommitIsDamagedInTheVault_StillListsAndTheCheckNamesIt()
    {
        var (rig, _) = await RigAsync();
        var list = await rig.RecoveryPointsAsync();
        rig.Store.Corrupt(rig.Store.Names("commits/")[4], _ => []);

        Assert.That(await rig.RecoveryPointsAsync(), Is.EqualTo(list));
        rig.RememberPoints = false;
        Assert.That((await rig.ListAsync()).Points, Is.EqualTo(list.Where(point => point.RecoveryPoint != 5)));
    }

    [TestCase(1)]
    [TestCase(17)]
    [TestCase(Points)]
    public async Task List_ACommitIsDamagedOrGone_NamesItAndListsTheRest(int point)
    {
        var (rig, _) = await RigAsync();
        rig.RememberPoints = false;
        var list = await rig.RecoveryPointsAsync();
        var commit = rig.Store.Names("commits/")[point - 1];
        rig.Store.Corrupt(commit, bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);

        var listing = await rig.ListAsync();

        Assert.That(listing.Points, Is.EqualTo(list.Where(item => item.RecoveryPoint != point)));
        Assert.That(
            listing.Damaged.Select(item => (item.SourceName, item.RecoveryPoint, item.Code, item.Blob)),
            Is.EqualTo(new[] { ("data", (long)point, "VaultBlobDamaged", commit) }));
        await BackupErrors.ExpectAsync(ErrorCode.VaultBlobDamaged, () => rig.ForgetAsync(2));
    }

    [Test]
    public async Task List_NoCommitCanBeRead_NamesThemAll()
    {
        var (rig, _) = await RigAsync();
        rig.Store.Names("commits/").ToList().ForEach(name => rig.Store.Corrupt(name, _ => []));

        var listing = await rig.ListAsync();

        Assert.That(listing.Points, Is.Empty);
        Assert.That(listing.Damaged.Select(item => item.Blob), Is.EqualTo(rig.Store.Names("commits/")));
    }

    private static async Task<(EngineRig Rig, Func<long> Requests)> RigAsync()
    {
        var rig = new EngineRig { RememberPoints = true };
        for (var i = 0; i < Points; i++)
        {
            await rig.BackupAsync();
        }

        CountingVault? counted = null;
        rig.WrapVault = vault => counted = new CountingVault(vault);
        return (rig, () => counted!.Requests);
    }
}
