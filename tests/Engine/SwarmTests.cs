using Harness.Simulator.Journal;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Swarm;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// Random histories of small volumes. After every backup every recovery point restores to what it was, the vault checks clean
/// to the last byte, the verdicts are those of the page, and no more was sent than the edits are worth.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class SwarmTests
{
    private const int Groups = 10;

    private static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("HARNESS_SWARM_SEEDS"), out var seeds) ? seeds : 150;

    [Test]
    public async Task History_OfRandomEdits_RestoresEveryState([Range(0, Groups - 1)] int group)
    {
        for (var seed = group; seed < Seeds; seed += Groups)
        {
            await LiveAsync(seed);
        }
    }

    private static async Task LiveAsync(int seed)
    {
        var random = new Random(seed);
        var rig = new EngineRig((ulong)seed, new VolumeSettings { Label = "data", Seed = (ulong)seed })
        {
            Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 },
        };
        Track(rig, seed / Groups % 4);
        var editor = new SwarmEditor(rig.Volume, random);
        editor.Edit(15);
        var copies = new List<SimScratch>();
        var hasTrouble = seed / Groups / 4 % 2 == 0;
        var points = seed % 10 == 0 ? 10 : random.Next(6, 9);
        for (var point = 1; point <= points; point++)
        {
            var context = $"HARNESS_SWARM_SEEDS: seed {seed}, recovery point {point}\n{editor.Log}\n";
            try
            {
                await StepAsync(rig, point, context, isScratchIntact: !hasTrouble);
            }
            catch (Exception error) when (error is not AssertionException)
            {
                Assert.Fail(context + error);
            }

            copies.Add(await CopyAsync(rig.Scratch));
            if (hasTrouble)
            {
                await TroubleAsync(rig, copies, random);
            }

            editor.Edit(random.Next(1, 9));
        }
    }

    /// <summary>The source tells nothing, its blocks, its files, or its files and where they changed.</summary>
    private static void Track(EngineRig rig, int way)
    {
        if (way == 0)
        {
            return;
        }

        rig.ChangeTracking = new SimChangeTracking { KeptSnapshots = way == 1 ? 64 : 0 };
        if (way > 1)
        {
            rig.Volume.Journal.Create();
        }

        if (way == 3)
        {
            rig.Volume.Journal.TrackModifiedRanges(new RangeTracking { ChunkBytes = 4096, FileSizeThresholdBytes = 8192 });
        }
    }

    private static async Task StepAsync(EngineRig rig, int point, string context, bool isScratchIntact)
    {
        var before = rig.Snapshots.Count > 0 ? rig.Snapshots[^1] : null;

        var report = await rig.BackupAsync();

        var (skipped, fullOnly) = RulesByHand.Of(rig.Snapshots[^1]);
        var (reportedSkips, reportedFullOnly) = RulesByHand.Of(report);
        Assert.That(report.RecoveryPoint, Is.EqualTo(point), context);
        Assert.That(report.Failed, Is.Empty, context);
        Assert.That(reportedSkips, Is.EqualTo(skipped), context);
        Assert.That(reportedFullOnly, Is.EqualTo(fullOnly), context);
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(SentBound.Of(before, rig.Snapshots[^1], isScratchIntact)), context);
        await rig.AssertAllWellAsync(context);
    }

    /// <summary>Sometimes the scratch location is lost, damaged, cut, or an older copy of itself.</summary>
    private static async Task TroubleAsync(EngineRig rig, List<SimScratch> copies, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                rig.Scratch.Clear();
                break;
            case 1:
                foreach (var name in await rig.Scratch.ListAsync(CancellationToken.None))
                {
                    var length = (await rig.Scratch.GetLengthAsync(name, CancellationToken.None))!.Value;
                    if (length > 0)
                    {
                        rig.Scratch.Flip(name, random.NextInt64(length));
                    }
                }

                break;
            case 2:
                rig.Scratch = await CopyAsync(copies[random.Next(copies.Count)]);
                break;
            case 3:
                // One file of another time among the newest: what a restored or half-written directory looks like.
                await MixAsync(rig.Scratch, copies[random.Next(copies.Count)], random);
                break;
        }
    }

    private static async Task MixAsync(SimScratch scratch, SimScratch older, Random random)
    {
        var names = await older.ListAsync(CancellationToken.None);
        if (names.Count == 0)
        {
            return;
        }

        var name = names[random.Next(names.Count)];
        await scratch.DeleteAsync(name, CancellationToken.None);
        await CopyFileAsync(older, scratch, name);
    }

    private static async Task<SimScratch> CopyAsync(SimScratch scratch)
    {
        var copy = new SimScratch(scratch.CapacityBytes);
        foreach (var name in await scratch.ListAsync(CancellationToken.None))
        {
            await CopyFileAsync(scratch, copy, name);
        }

        return copy;
    }

    private static async Task CopyFileAsync(SimScratch from, SimScratch to, string name)
    {
        var bytes = new byte[(await from.GetLengthAsync(name, CancellationToken.None))!.Value];
        await from.ReadAsync(name, 0, bytes, CancellationToken.None);
        await to.AppendAsync(name, bytes, CancellationToken.None);
    }
}
