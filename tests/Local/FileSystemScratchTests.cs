using Harness.Engine.Errors;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Local;

/// <summary>The scratch location on a simulated Windows volume, and the rules that only a real location can break.</summary>
[TestFixture]
internal sealed class FileSystemScratchTests
{
    private const string Place = @"C:\agent\Scratch";

    [Test]
    public async Task Describe_DirectoryThatIsNotThereYet_TellsFreeSpaceAndLeavesNothing()
    {
        var (volume, scratch) = Make(new VolumeSettings { CapacityBytes = 1 << 20 });

        var info = await scratch.DescribeAsync(default);

        Assert.That(info, Is.EqualTo(new ScratchInfo(Place, 1 << 20, 0)));
        Assert.That(await scratch.ListAsync(default), Is.Empty);
        Assert.That(await scratch.GetLengthAsync("x", default), Is.Null);
        Assert.That((volume.FileCount, volume.DirectoryCount), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public async Task Files_AppendedRenamedDeleted_AreAsTold()
    {
        var (_, scratch) = Make(new VolumeSettings());
        var buffer = new byte[16];

        await scratch.AppendAsync("b", "hello "u8.ToArray(), default);
        await scratch.AppendAsync("a", "first"u8.ToArray(), default);
        await scratch.AppendAsync("b", "world"u8.ToArray(), default);
        await scratch.FlushAsync("b", default);
        await scratch.FlushAsync("none", default);
        await scratch.RenameAsync("b", "a", default);
        var count = await scratch.ReadAsync("a", 3, buffer, default);

        Assert.That(buffer.AsSpan(0, count).SequenceEqual("lo world"u8));
        Assert.That(await scratch.ListAsync(default), Is.EqualTo(new[] { "a" }));
        Assert.That((await scratch.DescribeAsync(default)).UsedBytes, Is.EqualTo(11));
        await scratch.DeleteAsync("a", default);
        await scratch.DeleteAsync("a", default);
        Assert.That(await scratch.ReadAsync("a", 0, buffer, default), Is.Zero);
    }

    [TestCase("compressed", ErrorCode.ScratchUnsupported, "Compressed")]
    [TestCase("encrypted", ErrorCode.ScratchUnsupported, "Encrypted")]
    [TestCase("junction", ErrorCode.ScratchUnsupported, "ReparsePoint")]
    [TestCase("below a junction", ErrorCode.ScratchUnsupported, "ReparsePoint")]
    [TestCase("compressed above", ErrorCode.ScratchUnsupported, "Compressed")]
    [TestCase("network", ErrorCode.ScratchUnsupported, "network")]
    [TestCase("removable", ErrorCode.ScratchUnsupported, "removable")]
    [TestCase("read-only", ErrorCode.ScratchNotWritable, "write protected")]
    [TestCase("offline", ErrorCode.ScratchNotDirectory, Place)]
    [TestCase("file", ErrorCode.ScratchNotDirectory, "is a file")]
    public async Task Describe_PlaceThatCannotServe_IsOneClearError(string how, ErrorCode code, string text)
    {
        var kind = how == "network" ? VolumeKind.Network : how == "removable" ? VolumeKind.Removable : VolumeKind.Fixed;
        var (volume, scratch) = Make(new VolumeSettings { Kind = kind });
        Spoil(volume, how);

        var error = await BackupErrors.ExpectAsync(code, async () => await scratch.DescribeAsync(default));

        Assert.That(error.Message, Does.Contain(Place).And.Contain(text));
        Assert.That(error.Remedy, Is.Not.Empty);
    }

    [Test]
    public async Task Append_FullVolume_IsScratchFullAndKeepsTheFileAsItWas()
    {
        var (volume, scratch) = Make(new VolumeSettings { CapacityBytes = 64 * 1024 });
        await scratch.AppendAsync("f", new byte[1000], default);

        await BackupErrors.ExpectAsync(
            ErrorCode.ScratchFull, async () => await scratch.AppendAsync("f", Bytes(1 << 20), default));

        Assert.That(await scratch.GetLengthAsync("f", default), Is.EqualTo(1000));
        Assert.That(volume.Get("agent/Scratch/f").Streams[0].SizeBytes, Is.EqualTo(1000));
    }

    [Test]
    public async Task Append_FileHeldByAVirusScanner_IsOneClearError()
    {
        var (volume, scratch) = Make(new VolumeSettings());
        await scratch.AppendAsync("f", new byte[10], default);
        using var scanner = volume.Open("agent/Scratch/f", FileAccess.Read, FileShare.Read);

        var error = await BackupErrors.ExpectAsync(
            ErrorCode.ScratchNotWritable, async () => await scratch.AppendAsync("f", new byte[10], default));

        Assert.That(error.Remedy, Does.Contain("virus"));
        Assert.That(await scratch.ReadAsync("f", 0, new byte[100], default), Is.EqualTo(10));
    }

    [TestCase(1_000_000, true)]
    [TestCase(999_999, false)]
    public async Task Backup_TenPercentOfTheSource_IsTheLeastFreeSpace(int freeBytes, bool runs)
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("data", 10_000_000);
        rig.WrapScratch = _ => Make(new VolumeSettings { CapacityBytes = freeBytes }).Scratch;

        if (runs)
        {
            Assert.That((await rig.BackupAsync()).RecoveryPoint, Is.EqualTo(1));
        }
        else
        {
            await BackupErrors.ExpectAsync(ErrorCode.ScratchTooSmall, () => rig.BackupAsync());
        }
    }

    [Test]
    public async Task Backup_ScratchOnAVolume_IsIncrementalAndRestores()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("data", 3_000_000);
        var (volume, scratch) = Make(new VolumeSettings { CapacityBytes = 16 << 20 });
        rig.WrapScratch = _ => scratch;

        var first = await rig.BackupAsync();
        rig.Volume.Write("data", 1_000_000, [1, 2, 3]);
        var second = await rig.BackupAsync();

        Assert.That(second.ReadBytes, Is.GreaterThan(0));
        Assert.That(second.SentBytes, Is.LessThan(first.SentBytes / 5));
        Assert.That(await rig.DifferencesAsync(2), Is.Empty);
        Assert.That(volume.Find("agent/Scratch"), Is.Not.Null);
    }

    private static void Spoil(SimVolume volume, string how)
    {
        if (how is "file")
        {
            volume.CreateFile("agent");
            return;
        }

        volume.CreateDirectories(how == "compressed above" ? "agent" : "agent/Scratch");
        volume.CreateDirectory("real");
        switch (how)
        {
            case "compressed":
                volume.SetCompression("agent/Scratch");
                break;
            case "compressed above":
                volume.SetCompression("agent");
                break;
            case "encrypted":
                volume.Encrypt("agent/Scratch");
                break;
            case "junction" or "below a junction":
                volume.Delete("agent/Scratch");
                var link = how == "junction" ? "agent/Scratch" : "agent";
                volume.CreateDirectories(link);
                volume.CreateDirectories("real/Scratch");
                volume.SetReparsePoint(link, ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\real"));
                break;
            default:
                volume.IsReadOnly = how == "read-only";
                volume.IsOffline = how == "offline";
                break;
        }
    }

    private static (SimVolume Volume, FileSystemScratch Scratch) Make(VolumeSettings settings)
    {
        var volume = new SimVolume(settings, new SimClock());
        return (volume, new FileSystemScratch(new SimFileSystem(volume), Place));
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
