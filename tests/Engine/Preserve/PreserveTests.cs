using Harness.Engine.Backup;
using Harness.Engine.Local.Targets;
using Harness.Engine.Restore;
using Harness.Engine.Rules;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine.Preserve;

/// <summary>What the rules skip and a user wants all the same: reparse points and files of several names.</summary>
[Parallelizable]
public sealed class PreserveTests
{
    private const uint ForeignTag = 0x00001234;
    private static readonly Guid Owner = new("11223344-5566-7788-99aa-bbccddeeff00");

    [Test]
    public async Task Backup_WithoutAMode_SkipsBothByTheirClauses()
    {
        var rig = NewRig();

        var report = await rig.BackupAsync();

        Assert.That(
            report.Skipped.Select(item => (item.Path, item.Clause)),
            Is.SupersetOf(new[] { ("link.txt", "file.reparse-point"), ("folder/second.bin", "file.hard-link") }));
        Assert.That(ProfileCatalog.Ids.Select(id => ProfileCatalog.Load(id).Preserve), Has.All.EqualTo(PreserveModes.None));
    }

    [Test]
    public async Task Restore_OfPreservedReparsePoints_GivesThemBackAndNamesTheClauseSetAside()
    {
        var rig = NewRig();

        var report = await rig.BackupAsync(With(PreserveModes.ReparsePoints));

        Assert.That(report.Skipped.Select(item => item.Reason), Has.None.EqualTo("reparse-point").And.Some.EqualTo("hard-link"));
        Assert.That(
            report.Warnings.Select(note => (note.Code, note.Clause)), Does.Contain(("rule-set-aside", "file.reparse-point")));
        Assert.That(await rig.DifferencesAsync(1), Is.Empty);
        Assert.That((await rig.CheckAsync()).Findings, Is.Empty);
    }

    [Test]
    public async Task Restore_OfPreservedHardLinks_GivesOneFileOfAllItsNames()
    {
        var rig = NewRig();
        var all = With(PreserveModes.HardLinks | PreserveModes.ReparsePoints);
        _ = await rig.BackupAsync(all);
        rig.Volume.Write("first.bin", 100, [1, 2, 3]);
        _ = await rig.BackupAsync(all);
        rig.Volume.CreateHardLink("fourth.bin", "folder/third.bin");
        rig.Volume.Rename("folder", "moved");
        _ = await rig.BackupAsync(all);
        rig.Volume.Delete("first.bin");
        _ = await rig.BackupAsync(all);
        var unchanged = await rig.BackupAsync(all);

        var (_, restored) = await rig.RestoreAsync(3);

        Assert.That(restored.Find("moved/second.bin")!.LinkCount, Is.EqualTo(4));
        Assert.That(unchanged.ReadBytes, Is.Zero);
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Restore_OfSomeNames_LinksThoseAlone()
    {
        var rig = NewRig();
        _ = await rig.BackupAsync(With(PreserveModes.HardLinks));

        var (_, restored) = await rig.RestoreAsync(1, request => request with { Paths = ["folder"] });

        Assert.That(restored.Find("folder/third.bin")!.LinkCount, Is.EqualTo(2));
        Assert.That(restored.Find("first.bin"), Is.Null);
    }

    [Test]
    public async Task Backup_ModeTakenBack_SkipsAgainAndScansOnce()
    {
        var rig = NewRig().With(TrackedWay.Snapshots);
        _ = await rig.BackupAsync(With(PreserveModes.HardLinks | PreserveModes.ReparsePoints));

        var report = await rig.BackupAsync();

        Assert.That(report.Fallbacks.Select(note => note.Code), Does.Contain("profile-changed"));
        Assert.That(report.Skipped.Select(item => item.Reason).Distinct(), Is.EquivalentTo(new[] { "hard-link", "reparse-point" }));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Backup_ReparsePointsWithATrackedSource_GoesByTheChanges()
    {
        var rig = NewRig().With(TrackedWay.Journal);
        var links = With(PreserveModes.ReparsePoints);
        _ = await rig.BackupAsync(links);
        rig.Volume.Delete("link.txt");
        rig.Volume.CreateFile("other.txt");
        rig.Volume.SetReparsePoint("other.txt", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "plain.bin"));

        var report = await rig.BackupAsync(links);

        Assert.That(report.Fallbacks.Select(note => note.Code), Has.None.EqualTo("profile-changed"));
        await rig.AssertAllWellAsync();
    }

    [Test]
    public async Task Restore_ToADisk_MakesLinksLastAndListsWhatItCannotHold()
    {
        using var temp = new TempDirectory();
        var rig = NewRig();
        _ = await rig.BackupAsync(With(PreserveModes.HardLinks | PreserveModes.ReparsePoints));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var (report, _) = await rig.RestoreAsync(1, request => request with { Target = target });

        Assert.That(report.Failed, Is.Empty);
        Assert.That(new FileInfo(temp.At("jail/link.txt")).LinkTarget, Is.EqualTo("plain.bin"));
        Assert.That(report.Notes.Select(note => note.Path), Does.Contain("junction").And.Contain("foreign.bin"));
        Assert.That(File.Exists(temp.At("jail/foreign.bin")), Is.False);
        File.WriteAllText(temp.At("jail/first.bin"), "one file");
        Assert.That(File.ReadAllText(temp.At("jail/folder/third.bin")), Is.EqualTo("one file"));
    }

    [Test]
    public async Task Restore_ThroughALinkOfAnEarlierRestore_WritesNothingOutside([Values] bool isPlanted)
    {
        using var temp = new TempDirectory();
        Directory.CreateDirectory(temp.At("outside"));
        Directory.CreateDirectory(temp.At("jail"));
        var rig = new EngineRig();
        rig.Volume.CreateFile("door");
        rig.Volume.SetReparsePoint(
            "door", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, temp.At("outside").Replace('/', '\\')));
        var links = With(PreserveModes.ReparsePoints);
        _ = await rig.BackupAsync(links);
        rig.Volume.Delete("door");
        rig.Volume.CreateDirectory("door");
        rig.Volume.CreateFile("door/inside.bin", 5000);
        _ = await rig.BackupAsync(links);
        using var target = new LocalRestoreTarget(temp.At("jail"));
        if (isPlanted)
        {
            File.CreateSymbolicLink(temp.At("jail/door"), temp.At("outside"));
        }
        else
        {
            _ = await rig.RestoreAsync(1, request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite });
        }

        var (report, _) = await rig.RestoreAsync(
            2, request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite });

        Assert.That(report.Failed.Select(item => item.Reason), Does.Contain("target-escape"));
        Assert.That(Directory.GetFileSystemEntries(temp.At("outside")), Is.Empty);
    }

    [Test]
    public async Task Restore_LinkWhereADirectoryWithAFileIs_LeavesBothInside()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("door");
        rig.Volume.SetReparsePoint("door", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "elsewhere"));
        _ = await rig.BackupAsync(With(PreserveModes.ReparsePoints));
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        target.CreateDirectory("door");
        target.CreateFile("door/mine.bin", 10);

        var (report, _) = await rig.RestoreAsync(
            1, request => request with { Target = new SimRestoreTarget(target), OnCollision = CollisionPolicy.Overwrite });

        Assert.That(report.Failed, Is.Empty);
        Assert.That(target.Find("door/mine.bin"), Is.Not.Null);
        Assert.That(target.Find("door")!.ReparseTag, Is.Null);
    }

    private static Func<BackupRequest, BackupRequest> With(PreserveModes modes) =>
        request => request with { Profile = request.Profile.Preserving(modes) };

    private static EngineRig NewRig()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("plain.bin", 5000);
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("first.bin", 300_000, seed: 5);
        rig.Volume.CreateHardLink("folder/second.bin", "first.bin");
        rig.Volume.CreateHardLink("folder/third.bin", "first.bin");
        rig.Volume.CreateFile("link.txt");
        rig.Volume.SetReparsePoint("link.txt", ReparseTags.SymbolicLink, ReparseTags.DataFor(ReparseTags.SymbolicLink, "plain.bin"));
        rig.Volume.CreateDirectory("junction");
        rig.Volume.SetReparsePoint("junction", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, "\\??\\C:\\folder"));
        rig.Volume.CreateFile("foreign.bin");
        rig.Volume.SetReparsePoint("foreign.bin", ForeignTag, new byte[] { 1, 2, 3, 4 }, Owner);
        return rig;
    }
}
