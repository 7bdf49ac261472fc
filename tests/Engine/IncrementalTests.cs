using Harness.Engine.Backup;
using Harness.Engine.Rules;
using Harness.Simulator.Content;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

[Parallelizable]
public sealed class IncrementalTests
{
    private const int Page = 4096;

    [Test]
    public async Task Backup_NothingChanged_SendsOneSmallBlobAndReadsNothing()
    {
        var rig = await ProtectedRigAsync();

        var report = await rig.BackupAsync();

        Assert.That(report.Mode, Is.EqualTo(BackupMode.Incremental));
        Assert.That(report.ChangedBytes, Is.Zero);
        Assert.That(report.ReadBytes, Is.Zero);
        Assert.That(report.SentBytes, Is.LessThan(1024));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_ScatteredPages_SendsThosePages()
    {
        var rig = await ProtectedRigAsync();
        var random = new Random(1);
        var pages = Enumerable.Range(0, 16 * 256).OrderBy(_ => random.Next()).Take(40).ToList();
        foreach (var page in pages)
        {
            rig.Volume.WriteGenerated("image.vhd", page * (long)Page, Page, (ulong)page + 1000);
        }

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.EqualTo(40 * Page));
        Assert.That(report.SentBytes, Is.LessThan((40 * Page * 1.05) + (16 << 10)));
        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_ScatteredPagesAfterScratchWasLost_SendsThosePages()
    {
        var rig = await ProtectedRigAsync();
        rig.Volume.WriteGenerated("image.vhd", 5 * Page, Page, 77);
        rig.Scratch.Clear();

        var report = await rig.BackupAsync();

        Assert.That(report.Fallbacks.Select(f => f.Code), Does.Contain("scratch-rebuilt").And.Contain("fingerprints-rebuilt"));
        Assert.That(report.ChangedBytes, Is.EqualTo(Page));
        Assert.That(report.SentBytes, Is.LessThan(Page + (16 << 10)));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_EveryScratchByteFlipped_StillRestoresWhatWasThere([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var rig = await ProtectedRigAsync();
        var random = new Random(seed);
        foreach (var name in await rig.Scratch.ListAsync(CancellationToken.None))
        {
            var length = await rig.Scratch.GetLengthAsync(name, CancellationToken.None);
            for (var i = 0; i < 20; i++)
            {
                rig.Scratch.Flip(name, random.NextInt64(length!.Value));
            }
        }

        rig.Volume.WriteGenerated("image.vhd", 9 * Page, Page, 78);
        rig.Volume.Append("report.txt", "more"u8);
        await rig.BackupAsync();

        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_RenamedFolder_SendsMetadataOnly()
    {
        var rig = await ProtectedRigAsync();
        rig.Volume.Rename("folder", "renamed");

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.Zero);
        Assert.That(report.SentBytes, Is.LessThan(4096));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_OneByteOfAnEncryptedFile_SendsTheWholeFileAgain()
    {
        var rig = await ProtectedRigAsync();
        rig.Volume.Write("secret.bin", 100_000, "x"u8);

        var report = await rig.BackupAsync();

        Assert.That(report.FullOnly, Is.EqualTo(new[] { "secret.bin" }));
        Assert.That(report.SentBytes, Is.GreaterThan(3 << 20));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_OneByteOfAnEncryptedFile_UnderRulesThatSendItIncrementally_SendsItsPage()
    {
        var rig = await ProtectedRigAsync();
        var mars = ProfileCatalog.Load("mars-2026");
        _ = await rig.BackupAsync(request => request with { Profile = mars });
        rig.Volume.Write("secret.bin", 100_000, "x"u8);

        var report = await rig.BackupAsync(request => request with { Profile = mars });

        Assert.That(report.FullOnly, Is.Empty);
        Assert.That(report.SentBytes, Is.LessThan(32 << 10));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_EncryptedFileRenamed_SendsMetadataOnly()
    {
        var rig = await ProtectedRigAsync();
        rig.Volume.Rename("secret.bin", "still-secret.bin");

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThan(4096));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_GrownTruncatedAndPunched_RestoresEachState()
    {
        var rig = await ProtectedRigAsync();
        rig.Volume.AppendGenerated("image.vhd", 100_000, 5);
        await rig.BackupAsync();
        rig.Volume.SetEndOfFile("image.vhd", (3 << 20) + 123);
        await rig.BackupAsync();
        rig.Volume.SetSparse("image.vhd");
        rig.Volume.ZeroRange("image.vhd", 1 << 20, 1 << 20);
        await rig.BackupAsync();
        rig.Volume.SetEndOfFile("image.vhd", 0);
        await rig.BackupAsync();

        for (var point = 1; point <= 5; point++)
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"recovery point {point}");
        }
    }

    [Test]
    public async Task Backup_ManyRuns_RestoresEveryOne_AndTheChainEndsInCheckpoints()
    {
        var rig = await ProtectedRigAsync();
        for (var run = 0; run < 40; run++)
        {
            rig.Volume.WriteGenerated("image.vhd", run * 3 * Page, Page, (ulong)run + 500);
            rig.Volume.CreateFile($"folder/new{run}.bin", 5000);
            await rig.BackupAsync();
        }

        foreach (var point in new[] { 1, 2, 16, 17, 18, 33, 41 })
        {
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, $"recovery point {point}");
        }

        var check = await rig.CheckAsync();
        Assert.That(check.Findings, Is.Empty);
        Assert.That(check.RecoveryPoints, Is.EqualTo(41));
    }

    private static async Task<EngineRig> ProtectedRigAsync()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("image.vhd", 16 << 20);
        rig.Volume.CreateFile("report.txt", 10_000, ContentProfile.Text);
        rig.Volume.CreateDirectories("folder/deeper");
        rig.Volume.CreateFile("folder/a.bin", 5000);
        rig.Volume.CreateFile("folder/deeper/b.bin", 50_000);
        rig.Volume.CreateFile("empty");
        rig.Volume.CreateFile("secret.bin", 3 << 20);
        rig.Volume.Encrypt("secret.bin");
        var report = await rig.BackupAsync();
        Assert.That(report.Mode, Is.EqualTo(BackupMode.Full));
        Assert.That(report.Failed, Is.Empty);
        Assert.That(report.Skipped, Is.Empty);
        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
        return rig;
    }
}
