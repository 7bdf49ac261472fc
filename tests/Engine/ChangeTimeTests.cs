using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>A change that leaves little or no trace in the metadata is found all the same.</summary>
[Parallelizable]
public sealed class ChangeTimeTests
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    [Test]
    public async Task Backup_ChangedWithinOneStepOfTheSnapshotUnderTheSameTime_IsFoundNextTime()
    {
        var rig = NewRig();
        rig.WrapSource = Coarse;
        await rig.BackupAsync();
        rig.Volume.WriteGenerated("data.bin", 8192, 4096, 77);

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.EqualTo(4096));
        await AssertContentAsync(rig, 2);
    }

    [Test]
    public async Task Backup_UnchangedLongAfterItsChangeTime_IsReadOnceMoreAndThenNotAgain()
    {
        var rig = NewRig();
        rig.WrapSource = Coarse;
        await rig.BackupAsync();
        rig.Clock.Advance(Step * 3);

        var second = await rig.BackupAsync();
        var third = await rig.BackupAsync();

        Assert.That(second.ReadBytes, Is.EqualTo(50_000));
        Assert.That(third.ReadBytes, Is.Zero);
    }

    [Test]
    public async Task Backup_SameSizeAndSameWriteTime_IsFoundThroughTheChangeTime()
    {
        var rig = NewRig();
        await rig.BackupAsync();
        var written = rig.Volume.Get("data.bin").Times.Written;
        rig.Volume.WriteGenerated("data.bin", 0, 4096, 78);
        rig.Volume.SetTimes("data.bin", new EntryTimes(null, written, null, null));

        var report = await rig.BackupAsync();

        Assert.That(report.ChangedBytes, Is.EqualTo(4096));
        await AssertContentAsync(rig, 2);
    }

    [Test]
    public async Task Backup_WithoutAReliableChangeTime_ReadsEverythingAndFindsEveryChange()
    {
        var rig = NewRig();
        rig.WrapSource = source => new AlteredSource(source)
        {
            Volume = info => info with { HasReliableChangeTime = false },
        };
        await rig.BackupAsync();
        var times = rig.Volume.Get("data.bin").Times;
        rig.Volume.WriteGenerated("data.bin", 12_288, 4096, 79);
        rig.Volume.SetTimes("data.bin", times);

        var changed = await rig.BackupAsync();
        var unchanged = await rig.BackupAsync();

        Assert.That(changed.ReadBytes, Is.EqualTo(50_000));
        Assert.That(changed.ChangedBytes, Is.EqualTo(4096));
        Assert.That(unchanged.ReadBytes, Is.EqualTo(50_000));
        Assert.That(unchanged.ChangedBytes, Is.Zero);
        await AssertContentAsync(rig, 2);
    }

    [Test]
    public async Task Backup_ClockSetBackBetweenRuns_StillFindsTheChange()
    {
        var rig = NewRig();
        await rig.BackupAsync();
        rig.Clock.SetUtcNow(rig.Clock.GetUtcNow() - TimeSpan.FromDays(30));
        rig.Volume.WriteGenerated("data.bin", 0, 4096, 80);

        await rig.BackupAsync();
        rig.Volume.WriteGenerated("data.bin", 4096, 4096, 81);
        await rig.BackupAsync();

        await AssertContentAsync(rig, 3);
    }

    private static AlteredSource Coarse(IDataSource source) => new(source)
    {
        Volume = info => info with { ChangeTimeGranularity = Step },
        Items = AlteredSource.Entries(entry => entry with
        {
            Times = new EntryTimes(
                Floor(entry.Times.Created), Floor(entry.Times.Written), Floor(entry.Times.Changed), entry.Times.Accessed),
        }),
    };

    private static Timestamp? Floor(Timestamp? time) =>
        time is { } value ? new Timestamp(value.UnixSeconds - (value.UnixSeconds % (long)Step.TotalSeconds), 0) : null;

    private static EngineRig NewRig()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("data.bin", 50_000);
        return rig;
    }

    private static async Task AssertContentAsync(EngineRig rig, long point)
    {
        var (_, restored) = await rig.RestoreAsync(point);
        Assert.That(Bytes(restored), Is.EqualTo(Bytes(rig.Snapshots[(int)point - 1])));
    }

    private static byte[] Bytes(VolumeView volume)
    {
        var bytes = new byte[50_000];
        volume.Read("data.bin", 0, bytes);
        return bytes;
    }
}
