using Harness.Simulator.Content;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>What a run may cost, in blobs, requests and bytes.</summary>
[Parallelizable]
public sealed class CostTests
{
    [Test]
    public async Task Backup_NothingChanged_LeavesOneBlobInEightRequests()
    {
        var rig = await OfFolderAsync(100);
        var before = rig.Store.Count;

        var report = await rig.BackupAsync();

        Assert.That(rig.Store.Count, Is.EqualTo(before + 1));
        Assert.That(report.Requests, Is.EqualTo(8), "repo, two for the key, gc, two for the parent, the commit, gc again");
    }

    [Test]
    public async Task Backup_FolderOfAThousandFilesRenamed_SendsLessThanEightKibibytes()
    {
        var rig = await OfFolderAsync(1000);
        rig.Volume.Rename("folder", "renamed");

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThan(8 << 10));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_FortyRunsWithoutAChange_NeverSendAManifest()
    {
        var rig = await OfFolderAsync(300);
        var manifests = rig.Store.Names("manifests/");
        for (var run = 0; run < 40; run++)
        {
            var report = await rig.BackupAsync();
            Assert.That(report.SentBytes, Is.LessThan(2048), $"run {run}");
        }

        Assert.That(rig.Store.Names("manifests/"), Is.EqualTo(manifests));
        Assert.That(await rig.DifferencesAsync(41), Is.Empty);
    }

    [Test]
    public async Task Backup_EqualFiles_AreSentOnceWithinARunAndLater()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("one.bin", 3_000_000, seed: 5);
        rig.Volume.CreateFile("two.bin", 3_000_000, seed: 5);
        var first = await rig.BackupAsync();
        rig.Volume.CreateFile("three.bin", 3_000_000, seed: 5);

        var second = await rig.BackupAsync();

        Assert.That(first.SentBytes, Is.LessThan(3_020_000));
        Assert.That(second.SentBytes, Is.LessThan(4096));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_ZerosAndHoles_CostNothing()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("zeros.bin");
        rig.Volume.SetEndOfFile("zeros.bin", 20 << 20);
        rig.Volume.CreateFile("holes.bin");
        rig.Volume.SetSparse("holes.bin");
        rig.Volume.SetEndOfFile("holes.bin", 1L << 40);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThan(4096));
        Assert.That(rig.Store.Names("packs/"), Is.Empty);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_TextFile_IsSentCompressed()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("notes.txt", 4 << 20, ContentProfile.Text);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThan((4 << 20) * 3 / 4));
    }

    private static async Task<EngineRig> OfFolderAsync(int files)
    {
        var rig = new EngineRig();
        rig.Volume.CreateDirectory("folder");
        for (var i = 0; i < files; i++)
        {
            rig.Volume.CreateFile($"folder/file{i}.bin", 1000 + i);
        }

        await rig.BackupAsync();
        return rig;
    }
}
