using Harness.Engine.Errors;
using Harness.Engine.Local.Targets;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Restore;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Local;

[TestFixture]
internal sealed class LocalRestoreTargetTests
{
    [Test]
    public async Task Copy_OfATree_IsTheSameToTheNanosecondAndTheBlock()
    {
        using var temp = new TempDirectory();
        temp.Shell("""
            mkdir -p src/a/b src/empty; echo one > src/a/one; echo two > src/a/b/two; : > src/zero
            truncate -s 1M src/sparse; printf data | dd of=src/sparse bs=1 seek=524288 conv=notrunc status=none
            head -c 300000 /dev/urandom > src/big; chmod 640 src/a/one; chmod 2711 src/a; chmod 500 src/a/b
            touch -d '2001-02-03 04:05:06.123456789Z' src/a/one src/a/b src/a src/sparse src
            touch -d '1969-12-31 23:59:58.5Z' src/a/b/two; sync src/sparse
            """);
        if (Environment.IsPrivilegedProcess)
        {
            temp.Shell("chown 1234:2345 src/big; chmod 4711 src/big");
        }

        await using var source = await SourceListing.OfAsync(temp.At("src"));
        using var target = new LocalRestoreTarget(temp.At("dst"));
        var heldAnything = await target.PrepareAsync(default);
        var notes = await target.CopyAsync(source, _ => true);

        const string describe = "find . -printf '%p %y %m %U:%G %s %b %T@\\n' | sort";
        Assert.That(heldAnything, Is.False);
        Assert.That(notes.Values.SelectMany(n => n), Is.Empty);
        Assert.That(temp.Shell($"cd dst; {describe}"), Is.EqualTo(temp.Shell($"cd src; {describe}")));
        temp.Shell("diff -r src dst");
    }

    [Test]
    public async Task Write_ZerosLeftOutOfAPlainFile_AreAllocatedAndReadAsZeros()
    {
        using var temp = new TempDirectory();
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);

        await using (var writer = await target.CreateFileAsync("f", RestoreTargetExtensions.PlainFile, default))
        {
            await writer.BeginStreamAsync("", 1 << 20, null, EntryTraits.None, default);
            await writer.WriteAsync(65_536, new byte[] { 7 }, default);
            _ = await writer.FinishAsync(default);
        }

        await using var listing = await SourceListing.OfAsync(temp.At("dst"));
        var bytes = await listing.ReadAsync("f");
        Assert.That(listing["f"].Traits, Is.EqualTo(EntryTraits.None));
        Assert.That(listing["f"].Streams[0].AllocatedBytes, Is.GreaterThanOrEqualTo(1 << 20));
        Assert.That(bytes, Has.Length.EqualTo(1 << 20));
        Assert.That(bytes.Index().Where(pair => pair.Item != 0).Select(pair => pair.Index), Is.EqualTo([65_536]));
    }

    [TestCase("link/f")]
    [TestCase("link/sub/f")]
    [TestCase("dir/link/f")]
    [TestCase("file/f")]
    public async Task Write_ThroughALinkOrFile_IsRefusedAndTouchesNothing(string path)
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir -p out/sub dst/dir; ln -s ../out dst/link; ln -s ../../out dst/dir/link; echo x > dst/file");
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);

        var onWrite = await Assert.ThrowsAsync<BackupException>(async () => await target.WriteAsync(path, [1]));
        var onFinish = await Assert.ThrowsAsync<BackupException>(async () => await target.FinishDirectoryAsync(
            path[..path.LastIndexOf('/')], RestoreTargetExtensions.PlainFile with { Kind = EntryKind.Directory }, default));

        Assert.That(onWrite!.Code, Is.EqualTo(ErrorCode.TargetEscape));
        Assert.That(onFinish!.Code, Is.EqualTo(ErrorCode.TargetEscape));
        Assert.That(temp.Shell("find out -type f"), Is.Empty);
    }

    [Test]
    public async Task CreateDirectory_WhereALinkStands_IsRefused()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir -p out dst/there; ln -s ../out dst/link");
        using var target = new LocalRestoreTarget(temp.At("dst"));
        var heldAnything = await target.PrepareAsync(default);

        await target.CreateDirectoryAsync("there", default);
        var error = await Assert.ThrowsAsync<BackupException>(async () => await target.CreateDirectoryAsync("link", default));

        Assert.That(heldAnything, Is.True);
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TargetEscape));
    }

    [Test]
    public async Task Write_OverALink_ReplacesTheLinkAndNotItsTarget()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir dst; echo precious > out; ln -s ../out dst/f");
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);
        var before = await target.ProbeAsync("f", default);

        _ = await target.WriteAsync("f", "new"u8.ToArray());

        Assert.That(before, Is.EqualTo(EntryKind.SymbolicLink));
        Assert.That(await target.ProbeAsync("f", default), Is.EqualTo(EntryKind.File));
        Assert.That(await target.ProbeAsync("no/such/thing", default), Is.Null);
        Assert.That(temp.Shell("cat out dst/f"), Is.EqualTo("precious\nnew"));
    }

    [Test]
    public async Task Write_DisposedBeforeFinish_LeavesWhatWasThere()
    {
        using var temp = new TempDirectory();
        temp.Shell("mkdir dst; echo old > dst/f");
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);

        await using (var writer = await target.CreateFileAsync("f", RestoreTargetExtensions.PlainFile, default))
        {
            await writer.BeginStreamAsync("", 10, null, EntryTraits.None, default);
            await writer.WriteAsync(0, new byte[5], default);
        }

        Assert.That(temp.Shell("ls -A dst; cat dst/f"), Is.EqualTo("f\nold\n"));
    }

    [Test]
    public async Task Finish_WhatLinuxCannotExpress_BecomesNotes()
    {
        using var temp = new TempDirectory();
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);
        var metadata = new RestoreMetadata(
            EntryKind.File, EntryTraits.Compressed | EntryTraits.Encrypted, 0x4823, default,
            new EntrySecurity(SecurityKind.Windows, new byte[20]), new byte[760]);

        IReadOnlyList<string> notes;
        await using (var writer = await target.CreateFileAsync("f", metadata, default))
        {
            await writer.BeginStreamAsync("", 3, 514, EntryTraits.Encrypted, default);
            await writer.WriteAsync(0, new byte[514], default);
            await writer.BeginStreamAsync("more", 4, null, EntryTraits.NamedStream, default);
            await writer.WriteAsync(0, "lost"u8.ToArray(), default);
            notes = await writer.FinishAsync(default);
        }

        Assert.That(new FileInfo(temp.At("dst/f")).Length, Is.EqualTo(514));
        Assert.That(notes, Has.Some.Contains("named stream 'more'"));
        Assert.That(notes, Has.Some.Contains("ciphertext"));
        Assert.That(notes, Has.Some.Contains("Windows access control"));
        Assert.That(notes, Has.Some.Contains("read-only, hidden, compressed"));
    }

    [TestCase("/proc/harness-target")]
    [TestCase("/dev/null")]
    [TestCase("/dev/null/below")]
    public async Task Prepare_WhereNothingCanBeWritten_IsTargetNotWritable(string path)
    {
        using var target = new LocalRestoreTarget(path);

        var error = await Assert.ThrowsAsync<BackupException>(async () => await target.PrepareAsync(default));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TargetNotWritable));
    }

    [Test]
    public async Task Write_NamesThatLinuxCannotHold_RefuseOneEntryOnly()
    {
        using var temp = new TempDirectory();
        using var target = new LocalRestoreTarget(temp.At("dst"));
        _ = await target.PrepareAsync(default);

        foreach (var name in new[] { "lone\ud800surrogate", new string('x', 256) })
        {
            var error = await Assert.ThrowsAsync<BackupException>(async () => await target.WriteAsync(name, [1]));
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.TargetEntryRefused));
        }

        Assert.That(await target.WriteAsync("fine", [1]), Is.Empty);
        Assert.That(temp.Shell("ls -A dst"), Is.EqualTo("fine\n"));
    }

    [Test]
    public async Task Write_ToAFullVolume_IsTargetFull()
    {
        using var mount = TmpfsMount.Create("256k");
        using var target = new LocalRestoreTarget(Path.Combine(mount.Path, "dst"));
        _ = await target.PrepareAsync(default);

        var error = await Assert.ThrowsAsync<BackupException>(
            async () => await target.WriteAsync("big", new byte[1 << 20]));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TargetFull));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(mount.Path, "dst")), Is.Empty);
    }

    [Test]
    public async Task WriteFiles_OfABatch_ReplacesOnlyWhatItMayAndTellsEachByItself()
    {
        using var temp = new TempDirectory();
        using var target = new LocalRestoreTarget(temp.At("dst"), writersAtOnce: 2);
        _ = await target.PrepareAsync(default);
        temp.Shell("mkdir dst/folder; echo there > dst/taken; echo there > dst/old; ln -s ../outside dst/link; mkdir outside");

        var written = await target.WriteFilesAsync(
            [File("taken", isNew: true), File("old", isNew: false), File("folder/new", isNew: true), File("link/x", isNew: true), File("folder", isNew: true)],
            default);

        Assert.That(written.Select(file => file.IsTaken), Is.EqualTo(new[] { true, false, false, false, true }));
        Assert.That(
            written.Select(file => file.Error?.Code), Is.EqualTo(new ErrorCode?[] { null, null, null, ErrorCode.TargetEscape, null }));
        Assert.That(written[2].Identity, Is.EqualTo(await target.IdentifyAsync("folder/new", default)).And.Not.Null);
        Assert.That(
            temp.Shell("cat dst/taken dst/old dst/folder/new; ls -A dst dst/folder outside"),
            Is.EqualTo("there\n\u0001\u0002\0\u0003\u0001\u0002\0\u0003dst:\nfolder\nlink\nold\ntaken\n\ndst/folder:\nnew\n\noutside:\n"));

        static WholeFile File(string path, bool isNew) => new(
            path,
            RestoreTargetExtensions.PlainFile,
            isNew,
            [new WholeStream("", 4, null, Harness.Engine.Model.EntryTraits.None, [(0, new byte[] { 1, 2 }), (3, new byte[] { 3 })])]);
    }

    [Test]
    public async Task Restore_ToAVolumeThatIsFullHalfWay_EndsCleanAndGoesOnWhenThereIsRoom()
    {
        using var mount = TmpfsMount.Create("6m");
        var rig = new EngineRig();
        for (var i = 0; i < 60; i++)
        {
            rig.Volume.CreateFile($"file{i}.bin", 60_000, seed: (ulong)i + 1);
        }

        await rig.BackupAsync();
        mount.Shell("head -c 4000000 /dev/zero > mnt/filler");
        using var target = new LocalRestoreTarget(Path.Combine(mount.Path, "dst"));

        await BackupErrors.ExpectAsync(
            ErrorCode.TargetFull, async () => await rig.RestoreAsync(change: request => request with { Target = target }));
        var left = Directory.GetFileSystemEntries(Path.Combine(mount.Path, "dst")).Length;
        mount.Shell("rm mnt/filler");
        var (report, _) = await rig.RestoreAsync(
            change: request => request with { Target = target, OnCollision = CollisionPolicy.Overwrite });

        Assert.That(left, Is.InRange(1, 59));
        Assert.That((report.Failed.Count, report.Files, report.UnchangedFiles), Is.EqualTo((0, 60L, (long)left)));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(mount.Path, "dst"), ".harness*"), Is.Empty);
    }
}
