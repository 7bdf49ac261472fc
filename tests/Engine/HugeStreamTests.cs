using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A stream of a tebibyte and more: what a run costs follows its pages, not its length.</summary>
public sealed class HugeStreamTests
{
    private const string File = "huge.vhdx";
    private const int Page = 4096;
    private const long StreamBytes = 1L << 40;
    private const int Pages = 20_000;

    [Test]
    public async Task Backup_ScatteredPagesOfATebibyte_CostsThosePages()
    {
        var rig = new EngineRig(settings: new VolumeSettings { ClusterBytes = 4096 }) { Parameters = new() { KdfIterations = 1 } }
            .With(TrackedWay.Snapshots);
        rig.Volume.CreateFile(File);
        rig.Volume.SetSparse(File);
        rig.Volume.SetEndOfFile(File, StreamBytes);
        var random = new Random(5);
        var pages = Enumerable.Range(0, Pages).Select(_ => random.NextInt64(StreamBytes / Page)).Distinct().Order().ToList();
        Write(rig, pages, 1);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await rig.BackupAsync();
        TestContext.Out.WriteLine($"first {watch.ElapsedMilliseconds} ms");
        Write(rig, pages, 2);
        watch.Restart();

        var report = await rig.BackupAsync();

        TestContext.Out.WriteLine(
            $"{pages.Count} pages, sent {report.SentBytes}, read {report.ReadBytes}, scratch {report.ScratchPeakBytes} {watch.ElapsedMilliseconds} ms");
        var changed = pages.Count * (long)Page;
        Assert.That(report.ChangedBytes, Is.EqualTo(changed));
        Assert.That(report.ReadBytes, Is.EqualTo(changed));
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(changed + (pages.Count * 60)));
        Assert.That(report.ScratchPeakBytes, Is.LessThanOrEqualTo(pages.Count * 1_000));
    }

    private static void Write(EngineRig rig, IReadOnlyList<long> pages, ulong run)
    {
        foreach (var page in pages)
        {
            rig.Volume.WriteGenerated(File, page * Page, Page, (ulong)page + (run << 50));
        }
    }
}
