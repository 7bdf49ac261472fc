using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>The figures of an incremental, in bytes: what is sent follows what truly changed, whichever way it is found.</summary>
[Parallelizable]
public sealed class SendRatioTests
{
    private const string Image = "image.vhd";
    private const int Page = 4096;
    private const int Fixed = 16 << 10;
    private const long Mebibyte = 1 << 20;

    private static long ImageBytes => Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? 512 * Mebibyte : 64 * Mebibyte;

    [Test]
    public async Task Backup_ScatteredPagesOfOnePercent_SendsOnePercentMoreAtMost([Values] TrackedWay way)
    {
        var rig = await OfAsync(way, ImageBytes);
        var changed = Scatter(rig, Page, ImageBytes / 100 / Page);

        var report = await rig.BackupAsync();

        Write(report, changed);
        Assert.That(report.ChangedBytes, Is.EqualTo(changed));
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo((long)(changed * 1.01) + Fixed));
        RequireRead(way, report, changed);
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_AlignedWritesOf64Kibibytes_SendsThose([Values] TrackedWay way)
    {
        var rig = await OfAsync(way, ImageBytes);
        var changed = Scatter(rig, 65_536, ImageBytes / 100 / 65_536);

        var report = await rig.BackupAsync();

        Write(report, changed);
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo((long)(changed * 1.001) + Fixed));
        RequireRead(way, report, changed);
    }

    [Test]
    public async Task Backup_Appended_SendsWhatWasAppended([Values] TrackedWay way)
    {
        var rig = await OfAsync(way, 16 * Mebibyte);
        rig.Volume.AppendGenerated(Image, 3_000_001, 5);

        var report = await rig.BackupAsync();

        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(3_000_001 + Fixed));
        RequireRead(way, report, 3_000_001 + Page);
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_MetadataOrNothingChanged_SendsNoContent(
        [Values] TrackedWay way, [Values("nothing", "rename", "attributes", "times", "security")] string edit)
    {
        var rig = await OfAsync(way, 16 * Mebibyte);
        switch (edit)
        {
            case "rename":
                rig.Volume.Rename(Image, "other.vhd");
                break;
            case "attributes":
                rig.Volume.SetAttributes(Image, FileAttributes.ReadOnly);
                break;
            case "times":
                rig.Volume.SetTimes(Image, new EntryTimes(null, new Timestamp(1_000_000, 0), null, null));
                break;
            case "security":
                rig.Volume.SetSecurity(Image, new EntrySecurity(SecurityKind.Windows, new byte[] { 1, 2, 3 }));
                break;
        }

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.Zero);
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(2048));
        Assert.That(report.ReadBytes, way == TrackedWay.Scan && edit != "nothing" ? Is.EqualTo(16 * Mebibyte) : Is.Zero);
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    [Test]
    public async Task Backup_OnePageOfAGibibyte_ReadsThatPage(
        [Values(TrackedWay.Snapshots, TrackedWay.JournalRanges)] TrackedWay way)
    {
        var rig = new EngineRig().With(way);
        rig.Volume.CreateFile(Image);
        rig.Volume.SetSparse(Image);
        rig.Volume.SetEndOfFile(Image, 1 << 30);
        rig.Volume.WriteGenerated(Image, 600 * Mebibyte, 8 * Mebibyte, 4);
        await rig.BackupAsync();
        rig.Volume.WriteGenerated(Image, (605 * Mebibyte) + 5, 100, 5);

        var report = await rig.BackupAsync();

        Assert.That(report.ReadBytes, Is.EqualTo(Page));
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(Page + 2048));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
    }

    private static void RequireRead(TrackedWay way, BackupReport report, long changed)
    {
        var most = way switch
        {
            TrackedWay.Snapshots or TrackedWay.JournalRanges => changed,
            _ => report.Protected.LogicalBytes,
        };
        Assert.That(report.ReadBytes, Is.LessThanOrEqualTo(most));
    }

    private static void Write(BackupReport report, long changed) => TestContext.Out.WriteLine(
        $"changed {changed} sent {report.SentBytes} read {report.ReadBytes}, ratio {report.SentBytes / (double)changed:0.0000}");

    private static long Scatter(EngineRig rig, int unitBytes, long count)
    {
        var random = new Random(1);
        var units = Enumerable.Range(0, (int)(ImageBytes / unitBytes)).ToArray();
        random.Shuffle(units);
        foreach (var unit in units.Take((int)count))
        {
            rig.Volume.WriteGenerated(Image, unit * (long)unitBytes, unitBytes, (ulong)unit + 1_000_000);
        }

        return count * unitBytes;
    }

    private static async Task<EngineRig> OfAsync(TrackedWay way, long sizeBytes)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1 } }.With(way);
        rig.Volume.CreateFile(Image, sizeBytes);
        await rig.BackupAsync();
        return rig;
    }
}
