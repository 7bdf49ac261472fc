using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Restore;
using Harness.Simulator.Restore;
using Harness.Simulator.Volume;
using Harness.Tests.Engine.Faults;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Engine;

/// <summary>Targets that hold something, parts of a recovery point, things that do not exist, and vaults that mean harm.</summary>
[Parallelizable]
public sealed class RestoreEdgeTests
{
    [Test]
    public async Task Restore_IntoATargetThatIsNotEmpty_IsRefusedUntouched()
    {
        var rig = await RigAsync();
        var target = Occupied(rig);

        await BackupErrors.ExpectAsync(ErrorCode.TargetNotEmpty, async () => await RestoreAsync(rig, target));

        Assert.That(Text(target, "a.txt"), Is.EqualTo("there before"));
        Assert.That(target.FileCount, Is.EqualTo(1));
    }

    [TestCase(CollisionPolicy.Skip, "there before", null)]
    [TestCase(CollisionPolicy.Overwrite, "protected", null)]
    [TestCase(CollisionPolicy.CreateCopy, "there before", "protected")]
    public async Task Restore_OverAFile_DoesAsChosen(CollisionPolicy policy, string original, string? copy)
    {
        var rig = await RigAsync();
        var target = Occupied(rig);

        var report = await RestoreAsync(rig, target, request => request with { OnCollision = policy });

        Assert.That(Text(target, "a.txt"), Is.EqualTo(original));
        Assert.That(Text(target, "a (copy 1).txt"), Is.EqualTo(copy));
        Assert.That(report.Kept, Is.EqualTo(policy == CollisionPolicy.Skip ? ["a.txt"] : Array.Empty<string>()));
        Assert.That(Text(target, "folder/b.txt"), Is.EqualTo("inner"));
    }

    [Test]
    public async Task Restore_AgainAsCopies_FindsTheNextFreeName()
    {
        var rig = await RigAsync();
        var target = Occupied(rig);
        for (var i = 0; i < 3; i++)
        {
            await RestoreAsync(rig, target, request => request with { OnCollision = CollisionPolicy.CreateCopy, Paths = ["a.txt"] });
        }

        Assert.That(
            target.List("").Where(entry => !entry.IsDirectory).Select(entry => entry.Name),
            Is.EquivalentTo(new[] { "a.txt", "a (copy 1).txt", "a (copy 2).txt", "a (copy 3).txt" }));
    }

    [Test]
    public async Task Restore_WhereAFolderIsAFile_FailsWhatIsBelowAndRestoresTheRest()
    {
        var rig = await RigAsync();
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        target.CreateFile("folder", 3);

        var report = await RestoreAsync(rig, target, request => request with { OnCollision = CollisionPolicy.Overwrite });

        Assert.That(
            report.Failed.Select(item => (item.Path, item.Reason)),
            Is.EqualTo(new[] { "folder", "folder/b.txt", "folder/deep", "folder/deep/c.txt" }.Select(path => (path, "target-refused"))));
        Assert.That(target.Get("folder").Streams[0].SizeBytes, Is.EqualTo(3));
        Assert.That(Text(target, "a.txt"), Is.EqualTo("protected"));
    }

    [TestCase(CollisionPolicy.Skip, null)]
    [TestCase(CollisionPolicy.Overwrite, "protected")]
    [TestCase(CollisionPolicy.CreateCopy, "protected")]
    public async Task Restore_WhereAFileIsAFolder_NeverRemovesTheFolder(CollisionPolicy policy, string? copy)
    {
        var rig = await RigAsync();
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        target.CreateDirectory("a.txt");
        target.CreateFile("a.txt/inside", 3);

        var report = await RestoreAsync(rig, target, request => request with { OnCollision = policy });

        Assert.That(report.Failed, Is.Empty);
        Assert.That(target.Find("a.txt/inside"), Is.Not.Null);
        Assert.That(Text(target, "a (copy 1).txt"), Is.EqualTo(copy));
        Assert.That(report.Kept, Is.EqualTo(policy == CollisionPolicy.Skip ? ["a.txt"] : Array.Empty<string>()));
    }

    [TestCase("*.txt", "no pattern")]
    [TestCase("folder/?.txt", "no pattern")]
    [TestCase("a.txt:summary", "give 'a.txt'")]
    [TestCase("nowhere.txt:summary", "Give a path relative")]
    [TestCase("A.TXT", "'a.txt'")]
    [TestCase("folder/b.tx", "'folder/b.txt'")]
    public async Task Restore_OfAPathThatIsNotThere_SaysWhatToGive(string path, string remedy)
    {
        var rig = await RigAsync();
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.PathNotInRecoveryPoint, async () => await RestoreAsync(rig, target, request => request with { Paths = [path] }));

        Assert.That(error.Message, Does.Contain($"'{path}'"));
        Assert.That(error.Remedy, Does.Contain(remedy));
        Assert.That(target.FileCount, Is.Zero);
    }

    [TestCase("folder", "folder|folder/b.txt|folder/deep|folder/deep/c.txt")]
    [TestCase("folder/", "folder|folder/b.txt|folder/deep|folder/deep/c.txt")]
    [TestCase("\\folder\\deep", "folder|folder/deep|folder/deep/c.txt")]
    [TestCase("folder/deep/c.txt", "folder|folder/deep|folder/deep/c.txt")]
    [TestCase("a.txt", "a.txt")]
    public async Task Restore_OfAPath_RestoresThatAndTheFoldersAboveIt(string path, string expected)
    {
        var rig = await RigAsync();

        var (_, volume) = await rig.RestoreAsync(change: request => request with { Paths = [path] });

        Assert.That(volume.Walk().Select(entry => entry.Path).Where(p => p.Length > 0), Is.EquivalentTo(expected.Split('|')));
    }

    [Test]
    public async Task Restore_OfWhatDoesNotExist_SaysWhatDoes()
    {
        var rig = await RigAsync();

        await BackupErrors.ExpectAsync(
            ErrorCode.PathNotInRecoveryPoint, async () => await rig.RestoreAsync(change: r => r with { Paths = ["folder/none"] }));
        await BackupErrors.ExpectAsync(
            ErrorCode.PathNotInRecoveryPoint, async () => await rig.RestoreAsync(change: r => r with { Paths = ["fold"] }));
        await BackupErrors.ExpectAsync(
            ErrorCode.DataSourceNotFound, async () => await rig.RestoreAsync(change: r => r with { SourceName = "other" }));
        var error = await BackupErrors.ExpectAsync(ErrorCode.RecoveryPointNotFound, async () => await rig.RestoreAsync(7));
        Assert.That(error.Remedy, Does.Contain("1 to 1"));
    }

    [Test]
    public async Task Restore_OfOneOfTwoSources_MustBeNamed()
    {
        var rig = await RigAsync();
        await rig.BackupAsync(request => request with { SourceName = "second" });

        var error = await BackupErrors.ExpectAsync(ErrorCode.DataSourceNotFound, async () => await rig.RestoreAsync());
        var (report, _) = await rig.RestoreAsync(change: request => request with { SourceName = "second" });

        Assert.That(error.Remedy, Does.Contain("data").And.Contain("second"));
        Assert.That(report.SourceName, Is.EqualTo("second"));
    }

    [Test]
    public async Task Restore_FromAnEmptyVault_IsRefused()
    {
        var rig = new EngineRig();

        await BackupErrors.ExpectAsync(ErrorCode.VaultEmpty, async () => await rig.RestoreAsync());
        await BackupErrors.ExpectAsync(ErrorCode.VaultEmpty, async () => await rig.CheckAsync());
    }

    [Test]
    public async Task Restore_StreamOfAFolderDamaged_RestoresEverythingElse()
    {
        var rig = new EngineRig();
        rig.Volume.CreateDirectory("folder");
        rig.Volume.CreateFile("folder/b.txt");
        await rig.BackupAsync();
        rig.Volume.CreateStream("folder:notes", 5000);
        await rig.BackupAsync();
        rig.Store.Corrupt(rig.Store.Names("packs/").Single(), bytes => [.. bytes.Select(b => (byte)(b ^ 1))]);

        var (report, volume) = await rig.RestoreAsync(2);

        Assert.That(report.Failed.Select(item => (item.Path, item.Reason)), Is.EqualTo(new[] { ("folder", "vault-damaged") }));
        Assert.That(volume.Find("folder/b.txt"), Is.Not.Null);
    }

    [TestCase("..")]
    [TestCase(".")]
    [TestCase("a/b")]
    [TestCase("../outside")]
    [TestCase("/outside")]
    [TestCase("")]
    [TestCase("nul\0byte")]
    public async Task Restore_EvilName_FailsWithWhatIsBelowAndRestoresTheRest(string name)
    {
        foreach (var evil in new[] { EvilVault.File(9, 1, name), EvilVault.Folder(9, 1, name) })
        {
            var rig = await RigAsync();
            EntryRecord[] child = evil.Kind == EntryKind.Directory ? [EvilVault.File(10, 9, "child")] : [];
            await EvilVault.CommitAsync(rig, [EvilVault.Folder(1, 1, ""), EvilVault.File(2, 1, "good"), evil, .. child]);
            var volume = new SimVolume(rig.Volume.Settings, rig.Clock);
            volume.CreateDirectory("jail");

            var (report, _) = await rig.RestoreAsync(2, request => request with { Target = new SimRestoreTarget(volume, "jail") });

            Assert.That(report.Failed.Select(item => item.Reason), Is.All.EqualTo("target-escape"), $"{evil.Kind}");
            Assert.That(report.Failed, Has.Count.EqualTo(1 + child.Length), $"{evil.Kind}");
            Assert.That(report.Failed.SelectMany(item => item.Path), Has.None.EqualTo('\0'));
            Assert.That(volume.Walk().Select(entry => entry.Path), Is.EqualTo(new[] { "", "jail", "jail/good" }), $"{evil.Kind}");
            Assert.That((await rig.CheckAsync()).Findings, Is.Not.Empty, $"{evil.Kind}");
        }
    }

    [Test]
    public async Task Restore_TreeThatIsNone_IsRefusedBeforeAnythingIsWritten()
    {
        var root = EvilVault.Folder(1, 1, "");
        var good = EvilVault.File(2, 1, "good");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.Folder(3, 4, "x"), EvilVault.Folder(4, 3, "y")], "a cycle");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.Folder(3, 3, "")], "two roots");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [good], "no root");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [], "nothing");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.File(3, 1, "good")], "one name twice");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.File(3, 77, "x")], "no parent");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.File(3, 2, "x")], "a file as parent");
        await AssertRefusedAsync(ErrorCode.VaultBlobDamaged, [root, good, EvilVault.File(3, 3, "x")], "a file as root");
    }

    private static async Task AssertRefusedAsync(ErrorCode code, IReadOnlyList<EntryRecord> entries, object what)
    {
        var rig = await RigAsync();
        await EvilVault.CommitAsync(rig, entries);
        var volume = new SimVolume(rig.Volume.Settings, rig.Clock);
        volume.CreateDirectory("jail");
        foreach (var path in new[] { null, "good" })
        {
            await BackupErrors.ExpectAsync(code, async () => await rig.RestoreAsync(
                2, request => request with { Target = new SimRestoreTarget(volume, "jail"), Paths = path is null ? [] : [path] }));
        }

        Assert.That(volume.Walk().Select(entry => entry.Path), Is.EqualTo(new[] { "", "jail" }), $"{what}");
        Assert.That((await rig.CheckAsync()).Findings, Is.Not.Empty, $"{what}");
        Assert.That(await rig.DifferencesAsync(1), Is.Empty, $"{what}");
    }

    private static async Task<EngineRig> RigAsync()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a.txt");
        rig.Volume.Append("a.txt", "protected"u8);
        rig.Volume.CreateDirectories("folder/deep");
        rig.Volume.CreateFile("folder/b.txt");
        rig.Volume.Append("folder/b.txt", "inner"u8);
        rig.Volume.CreateFile("folder/deep/c.txt", 10);
        await rig.BackupAsync();
        return rig;
    }

    private static SimVolume Occupied(EngineRig rig)
    {
        var target = new SimVolume(rig.Volume.Settings, rig.Clock);
        target.CreateFile("a.txt");
        target.Append("a.txt", "there before"u8);
        return target;
    }

    private static async Task<RestoreReport> RestoreAsync(
        EngineRig rig, SimVolume target, Func<RestoreRequest, RestoreRequest>? change = null) =>
        (await rig.RestoreAsync(change: request =>
        {
            var onto = request with { Target = new SimRestoreTarget(target) };
            return change?.Invoke(onto) ?? onto;
        })).Report;

    private static string? Text(SimVolume volume, string path)
    {
        if (volume.Find(path) is not { } entry)
        {
            return null;
        }

        var bytes = new byte[entry.Streams[0].SizeBytes];
        volume.Read(path, 0, bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
