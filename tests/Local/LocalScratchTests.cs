using Harness.Engine.Errors;
using Harness.Engine.Local.Scratch;
using NUnit.Framework;

namespace Harness.Tests.Local;

[TestFixture]
internal sealed class LocalScratchTests
{
    [Test]
    public async Task Describe_DirectoryThatIsNotThereYet_TellsFreeSpaceAndWritesNothing()
    {
        using var temp = new TempDirectory();
        using var scratch = new LocalScratch(temp.At("a/b"));

        var info = await scratch.DescribeAsync(default);

        Assert.That(info.UsedBytes, Is.Zero);
        Assert.That(info.FreeBytes, Is.EqualTo(new DriveInfo(temp.Path).AvailableFreeSpace).Within(1L << 30));
        Assert.That(await scratch.ListAsync(default), Is.Empty);
        Assert.That(await scratch.GetLengthAsync("x", default), Is.Null);
        Assert.That(temp.Shell("ls -A"), Is.Empty);
    }

    [Test]
    public async Task Files_AppendedRenamedDeleted_AreAsTold()
    {
        using var temp = new TempDirectory();
        using var scratch = new LocalScratch(temp.At("s"));
        var buffer = new byte[16];

        await scratch.AppendAsync("b", "hello "u8.ToArray(), default);
        await scratch.AppendAsync("a", "first"u8.ToArray(), default);
        await scratch.AppendAsync("b", "world"u8.ToArray(), default);
        await scratch.FlushAsync("b", default);
        await scratch.RenameAsync("b", "a", default);
        var count = await scratch.ReadAsync("a", 3, buffer, default);
        var names = await scratch.ListAsync(default);
        var used = (await scratch.DescribeAsync(default)).UsedBytes;
        await scratch.DeleteAsync("a", default);
        await scratch.DeleteAsync("a", default);

        Assert.That(buffer.AsSpan(0, count).SequenceEqual("lo world"u8));
        Assert.That(names, Is.EqualTo(["a"]));
        Assert.That(used, Is.GreaterThanOrEqualTo(11));
        Assert.That(await scratch.ReadAsync("a", 0, buffer, default), Is.Zero);
        Assert.That(temp.Shell("ls -A s; stat -c %a s"), Is.EqualTo("700\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Exclusive_ASecondJob_IsRefusedUntilTheFirstEnds(bool isThere)
    {
        using var temp = new TempDirectory();
        if (isThere)
        {
            Directory.CreateDirectory(temp.At("s"));
        }

        using (var first = new LocalScratch(temp.At("s"), exclusive: true))
        {
            await first.AppendAsync("a", new byte[1], default);
            using var second = new LocalScratch(temp.At("s"), exclusive: true);
            using var reader = new LocalScratch(temp.At("s"));

            Assert.That(
                async () => await second.GetLengthAsync("a", default),
                Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.JobInProgress));
            Assert.That(
                async () => await second.AppendAsync("a", new byte[1], default),
                Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.JobInProgress));
            Assert.That(await reader.GetLengthAsync("a", default), Is.EqualTo(1));
        }

        using var next = new LocalScratch(temp.At("s"), exclusive: true);
        Assert.That(await next.GetLengthAsync("a", default), Is.EqualTo(1));
    }

    [Test]
    public async Task Files_OfAnEarlierRun_AreThereAgain()
    {
        using var temp = new TempDirectory();
        using (var before = new LocalScratch(temp.At("s")))
        {
            await before.AppendAsync("map", new byte[10], default);
        }

        using var scratch = new LocalScratch(temp.At("s"));
        await scratch.AppendAsync("map", new byte[5], default);

        Assert.That(await scratch.GetLengthAsync("map", default), Is.EqualTo(15));
    }

    [TestCase("file", ErrorCode.ScratchNotDirectory)]
    [TestCase("file/below", ErrorCode.ScratchNotDirectory)]
    [TestCase("dangling", ErrorCode.ScratchNotDirectory)]
    [TestCase("/proc", ErrorCode.ScratchNotWritable)]
    [TestCase("/proc/harness", ErrorCode.ScratchNotWritable)]
    [TestCase("/dev/null", ErrorCode.ScratchNotDirectory)]
    public async Task Describe_PlaceThatCannotServe_IsOneClearError(string path, ErrorCode code)
    {
        using var temp = new TempDirectory();
        temp.Shell("echo x > file; ln -s nowhere dangling");
        using var scratch = new LocalScratch(temp.At(path));

        var error = await Assert.ThrowsAsync<BackupException>(async () => await scratch.DescribeAsync(default));

        Assert.That(error!.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain(temp.At(path)));
        Assert.That(error.Remedy, Does.Contain("--scratch"));
    }

    [Test]
    public async Task Describe_ReadOnlyMount_IsScratchNotWritable()
    {
        using var mount = TmpfsMount.Create("1m", "ro");
        using var scratch = new LocalScratch(mount.Path);

        var error = await Assert.ThrowsAsync<BackupException>(async () => await scratch.DescribeAsync(default));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.ScratchNotWritable));
    }

    [Test]
    public async Task Append_FullVolume_IsScratchFullAndKeepsTheFileAsItWas()
    {
        using var mount = TmpfsMount.Create("64k");
        using var scratch = new LocalScratch(Path.Combine(mount.Path, "s"));
        await scratch.AppendAsync("f", new byte[1000], default);

        var error = await Assert.ThrowsAsync<BackupException>(
            async () => await scratch.AppendAsync("f", new byte[1 << 20], default));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.ScratchFull));
        Assert.That(await scratch.GetLengthAsync("f", default), Is.EqualTo(1000));
        Assert.That(new FileInfo(Path.Combine(mount.Path, "s", "f")).Length, Is.EqualTo(1000));
    }

    [Test]
    public void DefaultPath_OfTwoKeys_IsTwoDirectoriesBelowTheCache()
    {
        var (first, second) = (LocalScratch.DefaultPath("a"), LocalScratch.DefaultPath("b"));

        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(first, Does.EndWith("/harness/ca978112ca1bbdca"), "The cache of yesterday must be found again.");
    }
}
