using Harness.Engine.Backup;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using Harness.Simulator.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>With a change tracker, the cost of an incremental does not follow the number of files that did not change.</summary>
public sealed class UnchangedFilesTests
{
    private const int Edits = 20;

    private static (int Few, int Many) Sizes => Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? (10_000, 1_000_000) : (2_000, 50_000);

    [Test]
    public async Task Backup_TwentyEditsAmongManyFiles_CostsWhatTheyCostAmongFew(
        [Values(TrackedWay.Snapshots, TrackedWay.Journal)] TrackedWay way)
    {
        var few = await MeasureAsync(way, Sizes.Few);
        var many = await MeasureAsync(way, Sizes.Many);

        TestContext.Out.WriteLine($"{few}\n{many}");
        Assert.That(many.Requests, Is.EqualTo(few.Requests));
        Assert.That((many.Listed, many.Found, many.Opened, many.Reads), Is.EqualTo((few.Listed, few.Found, few.Opened, few.Reads)));
        Assert.That(many.SentBytes, Is.LessThanOrEqualTo(few.SentBytes + 1024));
        Assert.That(many.ScratchReads, Is.LessThanOrEqualTo(few.ScratchReads * 3));
        Assert.That(many.ScratchReadBytes, Is.LessThanOrEqualTo(few.ScratchReadBytes * 6));
        Assert.That(many.ScratchAppendedBytes, Is.LessThanOrEqualTo(few.ScratchAppendedBytes + 4096));
        Assert.That(many.AllocatedBytes, Is.LessThanOrEqualTo(few.AllocatedBytes * 2));
    }

    [Test]
    public async Task Backup_RunAfterRun_RewritesTheStateAFewTimesOnly()
    {
        const int Files = 3_000;
        const int Runs = 40;
        var rig = await OfAsync(TrackedWay.Snapshots, Files);
        long stateBytes = 0;
        foreach (var name in await rig.Scratch.ListAsync(CancellationToken.None))
        {
            stateBytes += (await rig.Scratch.GetLengthAsync(name, CancellationToken.None))!.Value;
        }

        long appended = 0;
        for (var run = 0; run < Runs; run++)
        {
            Edit(rig, Files, run);
            CountingScratch? scratch = null;
            rig.WrapScratch = inner => scratch = new CountingScratch(inner);
            await rig.BackupAsync();
            appended += scratch!.AppendedBytes;
        }

        TestContext.Out.WriteLine($"state {stateBytes}, appended in {Runs} runs {appended}");
        Assert.That(appended, Is.LessThan(3 * stateBytes));
    }

    private static async Task<Cost> MeasureAsync(TrackedWay way, int files)
    {
        var rig = await OfAsync(way, files);

        // Once before: the first incremental still meets what the full backup left behind.
        Edit(rig, files, 1);
        await rig.BackupAsync();
        Edit(rig, files, 2);
        CountingSource? source = null;
        CountingScratch? scratch = null;
        rig.WrapSource = inner => source = new CountingSource(inner);
        rig.WrapScratch = inner => scratch = new CountingScratch(inner);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var report = await rig.BackupAsync();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Cost(
            report.Requests,
            report.SentBytes,
            source!.Listed,
            source.Found,
            source.Opened,
            source.Reads,
            scratch!.Reads,
            scratch.ReadBytes,
            scratch.AppendedBytes,
            allocated);
    }

    private static void Edit(EngineRig rig, int files, int run)
    {
        for (var i = 0; i < Edits; i++)
        {
            var file = i * (files / Edits);
            rig.Volume.WriteGenerated($"d{file / 500}/f{file}", 0, 500, (ulong)(run * 1000) + (ulong)i);
        }
    }

    private static async Task<EngineRig> OfAsync(TrackedWay way, int files)
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1 } }.With(way);
        for (var file = 0; file < files; file++)
        {
            if (file % 500 == 0)
            {
                rig.Volume.CreateDirectory($"d{file / 500}");
            }

            rig.Volume.CreateFile($"d{file / 500}/f{file}", 600);
        }

        var report = await rig.BackupAsync();
        Assert.That(report.Mode, Is.EqualTo(BackupMode.Full));
        return rig;
    }

    private sealed record Cost(
        long Requests,
        long SentBytes,
        int Listed,
        int Found,
        int Opened,
        int Reads,
        int ScratchReads,
        long ScratchReadBytes,
        long ScratchAppendedBytes,
        long AllocatedBytes);
}
