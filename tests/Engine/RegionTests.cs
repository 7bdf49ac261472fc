using Harness.Simulator.Journal;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Files whose content is kept by regions of 256 MiB, and files that grow into that or shrink out of it.</summary>
[Parallelizable]
public sealed class RegionTests
{
    private const long Region = 256L << 20;

    private static readonly long[] Ends =
        [0, 4096, 100L << 20, Region - 1, Region, Region + 1, Region + 5000, 300L << 20, 2 * Region, (2 * Region) + 4096, 3 * Region];

    [Test]
    public async Task LongFile_EditedAtRandom_RestoresEveryState([Values(0, 1, 2, 3)] int way, [Range(1, 6)] int seed)
    {
        var random = new Random((seed * 10) + way);
        var rig = new EngineRig((ulong)seed, new VolumeSettings { Label = "data", CapacityBytes = 1L << 40 })
        {
            Parameters = new() { KdfIterations = 1, PackBytes = 64 << 10 },
        };
        Track(rig, way);
        var log = new List<string>();
        foreach (var path in new[] { "image.vhdx", "image.vhdx:log" })
        {
            rig.Volume.CreateFileOrStream(path);
            rig.Volume.SetSparse(path);
        }

        for (var point = 1; point <= 5; point++)
        {
            for (var edit = 0; edit < 6; edit++)
            {
                Edit(rig.Volume, random.Next(3) == 0 ? "image.vhdx:log" : "image.vhdx", random, log);
            }

            if (random.Next(4) == 0)
            {
                rig.Scratch.Clear();
                log.Add("scratch lost");
            }

            var report = await rig.BackupAsync();
            log.Add($"--- {report.RecoveryPoint}: {string.Join(", ", report.Fallbacks.Select(note => note.Code))}");
            Assert.That(await rig.DifferencesAsync(point), Is.Empty, string.Join('\n', log));
        }

        await rig.AssertAllWellAsync(string.Join('\n', log));
    }

    [Test]
    public async Task OnePage_OfALongFile_SendsOnePageAndAFewHundredBytes()
    {
        var rig = new EngineRig { Parameters = new() { KdfIterations = 1, PackBytes = 1 << 20 } };
        rig.ChangeTracking = new SimChangeTracking();
        rig.Volume.CreateFile("image.vhdx");
        rig.Volume.SetSparse("image.vhdx");
        rig.Volume.SetEndOfFile("image.vhdx", 64 * Region);
        for (var i = 0; i < 256; i++)
        {
            rig.Volume.WriteGenerated("image.vhdx", (i * (Region / 4)) + 12_288, 65_536, (ulong)i);
        }

        _ = await rig.BackupAsync();
        rig.Volume.WriteGenerated("image.vhdx", (30 * Region) + 12_288, 4096, 9999);

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.EqualTo(4096));
        Assert.That(report.ReadBytes, Is.EqualTo(4096));
        Assert.That(report.SentBytes, Is.LessThan(4096 + 4096));
        await rig.AssertAllWellAsync();
    }

    private static void Track(EngineRig rig, int way)
    {
        rig.ChangeTracking = way == 0 ? null : new SimChangeTracking { KeptSnapshots = way == 1 ? 64 : 0 };
        if (way > 1)
        {
            rig.Volume.Journal.Create();
        }

        if (way == 3)
        {
            rig.Volume.Journal.TrackModifiedRanges(new RangeTracking { FileSizeThresholdBytes = 0 });
        }
    }

    private static void Edit(SimVolume volume, string path, Random random, List<string> log)
    {
        var near = Ends[random.Next(Ends.Length)] + random.Next(-9000, 9000);
        var offset = Math.Max(near, 0);
        switch (random.Next(5))
        {
            case 0:
                var end = Ends[random.Next(Ends.Length)];
                volume.SetEndOfFile(path, end);
                log.Add($"{path} end {end}");
                break;
            case 1:
                volume.ZeroRange(path, offset, 200_000);
                log.Add($"{path} zero {offset}");
                break;
            default:
                var length = random.Next(1, 70_000);
                volume.WriteGenerated(path, offset, length, (ulong)random.Next());
                log.Add($"{path} write {offset} +{length}");
                break;
        }
    }
}

/// <summary>Shorthand of these tests.</summary>
internal static class SimVolumeExtensions
{
    public static void CreateFileOrStream(this SimVolume volume, string path)
    {
        if (path.Contains(':', StringComparison.Ordinal))
        {
            volume.CreateStream(path);
        }
        else
        {
            volume.CreateFile(path);
        }
    }
}
