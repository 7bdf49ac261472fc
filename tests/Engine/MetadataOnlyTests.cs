using Harness.Engine.Model;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A change of metadata sends metadata only, and little of it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class MetadataOnlyTests
{
    private const int MostBytes = 16 << 10;

    private static readonly Dictionary<string, Action<SimVolume>> Changes = new()
    {
        ["rename"] = volume => volume.Rename("folder/data.bin", "folder/renamed.bin"),
        ["rename in case only"] = volume => volume.Rename("folder/data.bin", "folder/DATA.bin"),
        ["move"] = volume => volume.Rename("folder/data.bin", "moved.bin"),
        ["times"] = volume => volume.SetTimes("folder/data.bin", new EntryTimes { Written = new Timestamp(1_000_000_000, 0) }),
        ["attributes"] = volume => volume.SetAttributes("folder/data.bin", FileAttributes.ReadOnly | FileAttributes.Hidden),
        ["security"] = volume => volume.SetSecurity("folder/data.bin", new EntrySecurity(SecurityKind.Windows, new byte[200])),
        ["short name"] = volume => volume.SetShortName("folder/data.bin", "SHORT~1.BIN"),
        ["object id"] = volume => volume.SetObjectId("folder/data.bin", new ObjectIdBuffer(new Guid("11223344-5566-7788-99aa-bbccddeeff00"))),
        ["second name made and deleted"] = volume =>
        {
            volume.CreateHardLink("second.bin", "folder/data.bin");
            volume.Delete("second.bin");
        },
    };

    private static IEnumerable<string> Names => Changes.Keys;

    [Test]
    public async Task Backup_MetadataChanged_ReadsAndSendsNoData(
        [ValueSource(nameof(Names))] string name,
        [Values(TrackedWay.Snapshots, TrackedWay.Journal, TrackedWay.JournalRanges)] TrackedWay way)
    {
        var rig = new EngineRig(settings: new VolumeSettings { Label = "data", MakesShortNames = true }).With(way);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/data.bin", 3_000_000, seed: 1);
        _ = await rig.BackupAsync();
        Changes[name](rig.Volume);

        var report = await rig.BackupAsync();

        Assert.That((report.ReadBytes, report.ChangedBytes), Is.EqualTo((0L, 0L)));
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(MostBytes));
        Assert.That(report.Fallbacks, Is.Empty);
        await rig.AssertAllWellAsync(name);
    }

    [Test]
    public async Task Backup_FolderOfTenThousandFilesRenamed_SendsItsOneName([Values] TrackedWay way)
    {
        var rig = new EngineRig().With(way);
        rig.Volume.CreateDirectory("folder");
        for (var i = 0; i < 10_000; i++)
        {
            rig.Volume.CreateFile($"folder/f{i}", 10);
        }

        _ = await rig.BackupAsync();
        rig.Volume.Rename("folder", "renamed");

        var report = await rig.BackupAsync();

        Assert.That((report.ReadBytes, report.ChangedBytes), Is.EqualTo((0L, 0L)));
        Assert.That(report.SentBytes, Is.LessThanOrEqualTo(4 << 10));
        Assert.That((await rig.RestoreAsync(2, request => request with { Paths = ["renamed/f9999"] })).Volume.Find("renamed/f9999"), Is.Not.Null);
    }
}
