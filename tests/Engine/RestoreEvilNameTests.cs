using Harness.Engine.Format;
using Harness.Engine.Local.Targets;
using Harness.Engine.Restore;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Local;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>
/// Names that mean harm, restored to every kind of target: nothing outside of the target changes, what the target cannot hold
/// is one failed entry, and everything else is restored.
/// </summary>
[Parallelizable]
public sealed class RestoreEvilNameTests
{
    private static readonly string[] Everywhere = ["..", ".", "../up", "/etc/harness", "a/b", "", "nul\0byte"];

    /// <summary>Each with whether NTFS through the driver of Linux refuses it; Linux itself takes all of them.</summary>
    private static readonly (string Name, bool IsRefusedByNtfs)[] ByTarget =
    [
        ("C:", true), ("C:up", true), ("good:stream", true), ("good::$DATA", true), ("\\\\?\\C:\\up", true), ("..\\up", true),
        ("\\\\server\\share", true), ("CON", false), ("NUL.txt", false), ("COM1", false), ("dot.", false), ("space ", false),
        ("good:stream:$DATA", true), ("folder::$INDEX_ALLOCATION", true), ("folder:$I30:$INDEX_ALLOCATION", true), ("aux.tar.gz", false), ("CON .txt", false),
        ("nul. .", false), ("LPT\u00b9", false), ("com\u00b2.log", false),
    ];

    [Test]
    public async Task Restore_ToADisk_StaysInsideAndRestoresTheRest()
    {
        using var temp = new TempDirectory();
        Directory.CreateDirectory(temp.At("jail"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var report = await RestoreAsync(target);

        Assert.That(
            report.Failed.Select(item => item.Reason), Is.EqualTo(Enumerable.Repeat("target-escape", Everywhere.Length)));
        Assert.That(
            Directory.GetFileSystemEntries(temp.At("jail")).Select(Path.GetFileName),
            Is.EquivalentTo(ByTarget.Select(item => item.Name).Append("good").Append("folder")));
        AssertOnlyTheJail(temp.Path);
    }

    [Test]
    public async Task Restore_ToNtfs_RefusesStreamsAndSeparatorsAndRestoresTheRest()
    {
        using var volume = NtfsVolume.Create();
        Directory.CreateDirectory(volume.At("jail"));
        using var target = new LocalRestoreTarget(volume.At("jail"));

        var report = await RestoreAsync(target);

        Assert.That(
            report.Failed.Where(item => item.Reason == "target-refused").Select(item => item.Path),
            Is.EquivalentTo(ByTarget.Where(item => item.IsRefusedByNtfs).Select(item => item.Name)));
        Assert.That(report.Failed, Has.Count.EqualTo(Everywhere.Length + ByTarget.Count(item => item.IsRefusedByNtfs)));
        Assert.That(
            Directory.GetFileSystemEntries(volume.At("jail")).Select(Path.GetFileName),
            Is.EquivalentTo(ByTarget.Where(item => !item.IsRefusedByNtfs).Select(item => item.Name).Append("good").Append("folder")));
        AssertOnlyTheJail(volume.Root);
    }

    [Test]
    public async Task Restore_ToAWindowsVolume_RefusesDevicesAndStreamsAndRestoresTheRest()
    {
        var volume = new SimVolume(new VolumeSettings { Label = "target" }, new EngineRig().Clock);
        volume.CreateDirectory("jail");

        var report = await RestoreAsync(new SimRestoreTarget(volume, "jail"));

        Assert.That(
            report.Failed.Where(item => item.Reason == "target-refused").Select(item => item.Path),
            Is.EquivalentTo(ByTarget.Select(item => item.Name)));
        Assert.That(
            volume.Walk().Select(entry => entry.Path),
            Is.EqualTo(new[] { "", "jail", "jail/folder", "jail/folder/child", "jail/good" }));
        Assert.That(volume.Get("jail/good").Streams, Has.Count.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase(CollisionPolicy.Overwrite)]
    [TestCase(CollisionPolicy.Skip)]
    [TestCase(CollisionPolicy.CreateCopy)]
    public async Task Restore_NamesThatFoldTogether_NeverReplaceEachOther(CollisionPolicy? policy)
    {
        var rig = await RigAsync(
            EvilVault.File(2, 1, "Report"),
            EvilVault.File(3, 1, "REPORT"),
            EvilVault.Folder(4, 1, "Folder"),
            EvilVault.Folder(5, 1, "FOLDER"),
            EvilVault.File(6, 4, "first"),
            EvilVault.File(7, 5, "second"));
        var volume = new SimVolume(rig.Volume.Settings, rig.Clock);

        var (report, _) = await rig.RestoreAsync(
            2, request => request with { Target = new SimRestoreTarget(volume), OnCollision = policy });

        Assert.That(report.Failed.Select(item => item.Reason), Is.EqualTo(Enumerable.Repeat("target-refused", 3)));
        Assert.That(
            report.Failed.Select(item => item.Path).Order(StringComparer.Ordinal), Is.EqualTo(new[] { "Folder", "Folder/first", "REPORT" }));
        Assert.That(
            volume.Walk().Select(entry => entry.Path), Is.EquivalentTo(new[] { "", "FOLDER", "FOLDER/second", "Report" }));
    }

    [Test]
    public async Task Restore_OverPlantedLinks_FollowsNone()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir -p outside/sub jail; ln -s ../outside jail/folder; ln -s ../outside/precious jail/good; echo precious > outside/precious");
        var rig = await RigAsync(
            EvilVault.File(2, 1, "good"), EvilVault.Folder(3, 1, "folder"), EvilVault.File(4, 3, "child"), EvilVault.File(5, 1, "other"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        var (report, _) = await rig.RestoreAsync(
            2, request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite });

        Assert.That(
            report.Failed.Select(item => (item.Path, item.Reason)),
            Is.EqualTo(new[] { ("folder", "target-escape"), ("folder/child", "target-escape") }));
        Assert.That(temp.Shell("find outside -type f; cat outside/precious; readlink jail/folder"), Is.EqualTo("outside/precious\nprecious\n../outside\n"));
        Assert.That(temp.Shell("find jail -type f | sort"), Is.EqualTo("jail/good\njail/other\n"));
    }

    [TestCase("a\\b", "a\\b")]
    [TestCase("c\\d", "c|c/d")]
    [TestCase("/c/d/", "c|c/d")]
    public async Task Restore_PathWithABackslash_IsALetterWhereAnEntryHasIt(string path, string expected)
    {
        using var temp = new TempDirectory();
        var rig = await RigAsync(
            EvilVault.File(2, 1, "a\\b"), EvilVault.Folder(3, 1, "a"), EvilVault.File(4, 3, "b"), EvilVault.Folder(5, 1, "c"), EvilVault.File(6, 5, "d"));
        using var target = new LocalRestoreTarget(temp.At("jail"));

        await rig.RestoreAsync(2, request => request with { Target = target, Paths = [path] });

        Assert.That(temp.Shell("cd jail; find . -mindepth 1 -printf '%P\\n' | sort"), Is.EqualTo(string.Join('\n', expected.Split('|')) + "\n"));
    }

    [Test]
    public async Task Restore_OfSeveralPaths_RestoresEachAndNamesTheNearestOfWhatIsNotThere()
    {
        var rig = await RigAsync(
            EvilVault.File(2, 1, "Report.txt"), EvilVault.Folder(3, 1, "folder"), EvilVault.File(4, 3, "child"), EvilVault.File(5, 1, "other"));

        var (_, volume) = await rig.RestoreAsync(2, request => request with { Paths = ["Report.txt", "folder/child"] });
        var error = await BackupErrors.ExpectAsync(
            Harness.Engine.Errors.ErrorCode.PathNotInRecoveryPoint,
            async () => await rig.RestoreAsync(2, request => request with { Paths = ["other", "report.txd"] }));

        Assert.That(
            volume.Walk().Select(entry => entry.Path), Is.EquivalentTo(new[] { "", "Report.txt", "folder", "folder/child" }));
        Assert.That(error.Message, Does.Contain("'report.txd'"));
        Assert.That(error.Remedy, Does.Contain("'Report.txt'").And.Not.Contain("child"));
    }

    private static async Task<RestoreReport> RestoreAsync(Harness.Engine.Ports.IRestoreTarget target)
    {
        var names = Everywhere.Concat(ByTarget.Select(item => item.Name));
        var rig = await RigAsync(
        [
            EvilVault.File(2, 1, "good"), EvilVault.Folder(3, 1, "folder"), EvilVault.File(4, 3, "child"),
            .. names.Select((name, i) => EvilVault.File(10 + (ulong)i, 1, name)),
        ]);
        return (await rig.RestoreAsync(2, request => request with { Target = target })).Report;
    }

    private static Task<EngineRig> RigAsync(params EntryRecord[] entries) =>
        EvilVault.RigAsync([EvilVault.Folder(1, 1, ""), .. entries]);

    private static void AssertOnlyTheJail(string root) =>
        Assert.That(Directory.GetFileSystemEntries(root).Select(Path.GetFileName), Is.EqualTo(new[] { "jail" }));
}
