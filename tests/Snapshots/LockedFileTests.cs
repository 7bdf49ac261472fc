using Harness.Engine.Local.Sources;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Snapshots;

/// <summary>Files that other programs hold: nothing to a snapshot, a fault to who reads the live volume.</summary>
[TestFixture]
internal sealed class LockedFileTests
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    private EngineRig _rig = null!;

    [SetUp]
    public void MakeFiles()
    {
        _rig = new EngineRig();
        _rig.Volume.CreateDirectory("d");
        _rig.Volume.CreateFile("d/held", 100_000);
        _rig.Volume.CreateFile("d/part", 100_000);
        _rig.Volume.CreateFile("d/free", 100_000);
        _rig.Volume.CreateStream("d/free:s", 100);
    }

    [Test]
    public async Task Backup_ExclusivelyOpenFiles_BySnapshot_ProtectsThemAll()
    {
        using var held = _rig.Volume.Open("d/held", FileAccess.ReadWrite, FileShare.None);
        using var part = _rig.Volume.Open("d/part", FileAccess.ReadWrite, All);
        part.Lock(50_000, 10);

        var report = await _rig.BackupAsync();

        Assert.That(report.Failed, Is.Empty);
        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);
    }

    [Test]
    public async Task Backup_ExclusivelyOpenFiles_Live_ReportsThemLockedAndProtectsTheRest()
    {
        _rig.WrapSource = _ => new SimDataSource(_rig.Volume) { ReadsLive = true };
        var held = _rig.Volume.Open("d/held", FileAccess.ReadWrite, FileShare.None);
        var part = _rig.Volume.Open("d/part", FileAccess.ReadWrite, All);
        var stream = _rig.Volume.Open("d/free:s", FileAccess.Read, FileShare.Write);
        part.Lock(50_000, 10);

        var report = await _rig.BackupAsync();

        Assert.That(
            report.Failed.Select(item => (item.Path, item.Reason)),
            Is.EqualTo(new[] { ("d/free:s", "locked"), ("d/held", "locked"), ("d/part", "locked") }));
        Assert.That(report.Failed[1].Message, Does.Contain("SharingViolation"));
        Assert.That(report.Failed[2].Message, Does.Contain("FileLockConflict"));
        Assert.That(await _rig.DifferencesAsync(1), Is.Empty);

        held.Dispose();
        part.Dispose();
        stream.Dispose();
        Assert.That((await _rig.BackupAsync()).Failed, Is.Empty);
        Assert.That(await _rig.DifferencesAsync(2), Is.Empty);
        _rig.Volume.Rename("d", "e");
    }

    [Test]
    public async Task Backup_ThroughIFileSystem_HeldFile_IsLocked()
    {
        var files = new SimFileSystem(_rig.Volume);
        _rig.WrapSource = _ => new FileSystemSource(files, @"C:\d", _rig.Clock);
        using var held = _rig.Volume.Open("d/held", FileAccess.Write, FileShare.None);
        using var part = files.File.Open(@"C:\d\part", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        ((Harness.Simulator.FileSystem.Opening.SimFileStream)part).Lock(0, 1);

        var report = await _rig.BackupAsync();

        Assert.That(
            report.Failed.Select(item => (item.Path, item.Reason)),
            Is.EqualTo(new[] { ("held", "locked"), ("part", "locked") }));
    }
}
