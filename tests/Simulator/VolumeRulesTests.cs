using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class VolumeRulesTests
{
    private const int KiB = 1024;

    private SimClock _clock = null!;
    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume()
    {
        _clock = new SimClock();
        _volume = new SimVolume(new VolumeSettings { CapacityBytes = 1L << 30 }, _clock);
    }

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(700, ExpectedResult = 0)]
    [TestCase(701, ExpectedResult = 4096)]
    [TestCase(4097, ExpectedResult = 8192)]
    public long Allocated_OfPlainFile_IsWholeClustersUnlessResident(int size)
    {
        _volume.CreateFile("f", size);

        return Allocated("f");
    }

    [Test]
    public void Allocated_OfSparseFile_IsUnitsThatWereWritten()
    {
        _volume.CreateFile("f");
        _volume.SetSparse("f");
        _volume.SetEndOfFile("f", 1 << 20);
        _volume.Write("f", 100 * KiB, [1]);
        _volume.Write("f", (1 << 20) - 1, [1]);

        Assert.That(Allocated("f"), Is.EqualTo(128 * KiB));
        Assert.That(
            _volume.QueryAllocatedRanges("f"),
            Is.EqualTo(new[] { new ByteRange(64 * KiB, 64 * KiB), new ByteRange(960 * KiB, 64 * KiB) }));
    }

    [TestCase(1000, ExpectedResult = 128 * KiB)]
    [TestCase(500, ExpectedResult = 64 * KiB)]
    [TestCase(10, ExpectedResult = 8 * KiB)]
    [TestCase(0, ExpectedResult = 0)]
    public long Allocated_OfCompressedFile_FollowsTheRatioUnitByUnit(int permille)
    {
        _volume.CreateFile("f", 128 * KiB, new ContentProfile(ContentKind.Bytes, permille));
        _volume.SetCompression("f");

        return Allocated("f");
    }

    [Test]
    public void Allocated_OfPunchedCompressedSparseFile_LosesTheHole()
    {
        _volume.CreateFile("f", 256 * KiB, new ContentProfile(ContentKind.Bytes, 500));
        _volume.SetSparse("f");
        _volume.SetCompression("f");
        _volume.ZeroRange("f", 64 * KiB, 128 * KiB);

        Assert.That(Allocated("f"), Is.EqualTo(64 * KiB));
    }

    [Test]
    public void Clusters_Of64KiB_AreTheUnitOfAllocation()
    {
        var volume = new SimVolume(new VolumeSettings { ClusterBytes = 64 * KiB }, _clock);
        volume.CreateFile("f", 1000);

        Assert.That(volume.UsedBytes, Is.EqualTo(64 * KiB));
        Refused(() => volume.SetCompression("f"), "above 4 KiB");
    }

    [Test]
    public void FreeSpace_WhenItRunsOut_RefusesAndChangesNothing()
    {
        _volume.CreateFile("f", (1L << 30) - 4096);
        var before = _volume.TakeSnapshot();

        var error = Assert.Throws<BackupException>(() => _volume.CreateFile("g", 4097));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeFull));
        Assert.That(before.DiffTo(_volume).Changes, Is.Empty);
        _volume.Delete("f");
        Assert.That(_volume.UsedBytes, Is.Zero);
    }

    [Test]
    public void Sizes_AreLimitedByTheClusterSize()
    {
        var small = new SimVolume(new VolumeSettings(), _clock);
        var large = new SimVolume(new VolumeSettings { ClusterBytes = 64 * KiB }, _clock);
        const long huge = 54_400L << 30;

        Refused(() => small.CreateFile("f", huge), "4096-byte clusters");
        large.CreateFile("f", huge);
        Refused(() => large.AppendGenerated("f", 256L << 40, 1), "exceeds");

        Assert.That(large.Get("f").Streams[0].SizeBytes, Is.EqualTo(huge));
        Refused(() => _ = new SimVolume(new VolumeSettings { CapacityBytes = huge }, _clock), "cluster");
    }

    [Test]
    public void Encrypt_OfCompressedFile_DecompressesFirstAndForbidsCompression()
    {
        _volume.CreateFile("f", 100 * KiB);
        _volume.SetCompression("f");

        _volume.Encrypt("f");

        Assert.That(_volume.Get("f").Streams[0].Flags, Is.EqualTo(StreamFlags.Encrypted));
        Assert.That(_volume.Get("f").EfsInfo.Length, Is.GreaterThan(0));
        Refused(() => _volume.SetCompression("f"), "encrypted");
    }

    [Test]
    public void ForceState_MakesWhatNtfsRefuses()
    {
        _volume.CreateFile("f", 100 * KiB);

        _volume.ForceState("f", StreamFlags.Encrypted | StreamFlags.Compressed);

        var entry = _volume.Get("f");
        Assert.That(entry.Attributes & (FileAttributes.Encrypted | FileAttributes.Compressed),
            Is.EqualTo(FileAttributes.Encrypted | FileAttributes.Compressed));
        Assert.That(entry.EfsInfo.Length, Is.GreaterThan(0));
    }

    [Test]
    public void Streams_HaveEachTheirOwnState()
    {
        _volume.CreateFile("f", 100 * KiB);
        _volume.CreateStream("f:s", 200 * KiB, ContentProfile.Zeros);
        _volume.SetCompression("f:s");

        var streams = _volume.Get("f").Streams;

        Assert.That(streams.Select(stream => (stream.Name, stream.Flags, stream.AllocatedBytes)), Is.EqualTo(new[]
        {
            ("", StreamFlags.None, 100L * KiB),
            ("s", StreamFlags.Compressed, 0L),
        }));
        _volume.Delete("f:S");
        Assert.That(_volume.Get("f").Streams, Has.Count.EqualTo(1));
    }

    [TestCase("a\\b", "reserves")]
    [TestCase("what?", "reserves")]
    [TestCase("dot.", "dot or a space")]
    [TestCase("con", "device")]
    [TestCase("COM1.txt", "device")]
    [TestCase("lpt\u00B2", "device")]
    [TestCase("..", "no names")]
    [TestCase("", "empty")]
    [TestCase("missing/f", "does not exist")]
    public void CreateFile_WithANameWindowsRefuses_SaysWhy(string path, string why) =>
        Refused(() => _volume.CreateFile(path), why);

    [Test]
    public void Names_OnAWindowsVolume_DifferByMoreThanCase()
    {
        _volume.CreateFile("École");

        Assert.That(_volume.Find("éCOLE")!.Path, Is.EqualTo("École"));
        Refused(() => _volume.CreateFile("ÉCOLE"), "exists already");
        var linux = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Other, CaseSensitive = true }, _clock);
        linux.CreateFile("a");
        linux.CreateFile("A");
        linux.CreateFile("a:b?");
        Assert.That(linux.List("").Select(entry => entry.Name), Is.EqualTo(new[] { "A", "a", "a:b?" }));
    }

    [Test]
    public void List_OfALargeDirectory_IsInOrdinalOrderAndFindsEveryName()
    {
        var random = new SeededSequence(7);
        var names = Enumerable.Range(0, 3000).Select(i => $"{"_aZB"[random.Below(4)]}{random.Next():x}{i}").ToList();
        foreach (var name in names)
        {
            _volume.CreateFile(name);
        }

        foreach (var name in names.Where((_, i) => i % 3 == 0))
        {
            _volume.Delete(name.ToUpperInvariant());
        }

        var left = names.Where((_, i) => i % 3 != 0).Order(StringComparer.Ordinal).ToList();
        Assert.That(_volume.List("").Select(entry => entry.Name), Is.EqualTo(left));
        Assert.That(left.All(name => _volume.Find(name.ToLowerInvariant())?.Name == name), Is.True);
    }

    [Test]
    public void HardLink_GivesOneFileTwoNames()
    {
        _volume.CreateDirectory("d");
        var file = _volume.CreateFile("d/a", 10 * KiB);
        _volume.CreateHardLink("b", "d/a");
        _volume.Write("b", 0, [42]);

        Assert.That(_volume.NamesOf(file), Is.EqualTo(new[] { "b", "d/a" }));
        Assert.That(_volume.FileCount, Is.EqualTo(1));
        _volume.Delete("d/a");
        Assert.That(_volume.Get("b"), Has.Property("LinkCount").EqualTo(1).And.Property("Reference").EqualTo(file));
        Refused(() => _volume.CreateHardLink("e", "d"), "directories");
    }

    [Test]
    public void ReparsePoint_FollowsTheRulesOfItsTag()
    {
        _volume.CreateDirectories("full/child");
        _volume.CreateDirectory("empty");
        _volume.CreateFile("f");

        Refused(() => _volume.SetReparsePoint("full", ReparseTags.MountPoint, default), "not empty");
        Refused(() => _volume.SetReparsePoint("f", ReparseTags.MountPoint, default), "only a directory");
        Refused(() => _volume.SetReparsePoint("f", 0x80000013, new byte[16385]), "at most");
        _volume.SetReparsePoint("empty", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\x"));
        _volume.SetReparsePoint("full", 0x9000001A, default);
        Refused(() => _volume.SetReparsePoint("full", 0x9000101A, default), "another");
        Assert.That(_volume.Walk().Select(entry => entry.Path), Is.EqualTo(new[] { "", "empty", "f", "full" }));
    }

    [Test]
    public void Delete_OfADirectoryThatIsNotEmpty_IsRefused()
    {
        _volume.CreateDirectories("a/b");

        Refused(() => _volume.Delete("a"), "not empty");
        Refused(() => _volume.Rename("a", "a/b/c"), "below itself");
        _volume.DeleteTree("a");
        Assert.That(_volume.DirectoryCount, Is.EqualTo(1));
    }

    [Test]
    public void ReadOnly_FileOrVolume_RefusesWrites()
    {
        _volume.CreateFile("f", 10);
        _volume.SetAttributes("f", FileAttributes.ReadOnly);
        Refused(() => _volume.Write("f", 0, [1]), "read-only");
        Refused(() => _volume.Delete("f"), "read-only");
        _volume.SetAttributes("f", FileAttributes.Normal);
        _volume.IsReadOnly = true;
        Refused(() => _volume.Write("f", 0, [1]), "volume is read-only");
    }

    [Test]
    public void FileReference_OfAReusedRecord_HasTheNextSequenceNumber()
    {
        var first = _volume.CreateFile("a");
        _volume.Delete("a");
        var second = _volume.CreateFile("b");

        Assert.That(second.Index, Is.EqualTo(first.Index));
        Assert.That(second.Sequence, Is.EqualTo(first.Sequence + 1));
        Assert.That(_volume.Find(first), Is.Null);
    }

    [Test]
    public void Times_MoveAsNtfsMovesThem()
    {
        _volume.CreateDirectory("d");
        _volume.CreateFile("d/f", 10);
        var born = _volume.Get("d/f").Times;
        _clock.Advance(TimeSpan.FromHours(1));
        _volume.SetAttributes("d/f", FileAttributes.Hidden);
        var described = _volume.Get("d/f").Times;
        _clock.Advance(TimeSpan.FromHours(1));
        _volume.Write("d/f", 0, [1]);
        var written = _volume.Get("d/f").Times;
        var listed = _volume.Get("d").Times;
        _clock.Advance(TimeSpan.FromHours(1));
        _volume.Rename("d/f", "g");
        var renamed = _volume.Get("g").Times;

        Assert.That(described, Is.EqualTo(born with { Changed = described.Changed }));
        Assert.That(described.Changed, Is.GreaterThan(born.Changed!.Value));
        Assert.That(written.Written, Is.EqualTo(written.Changed).And.GreaterThan(described.Changed!.Value));
        Assert.That(written.Created, Is.EqualTo(born.Created));
        Assert.That(renamed, Is.EqualTo(written with { Changed = renamed.Changed }));
        Assert.That(renamed.Changed, Is.GreaterThan(written.Changed!.Value));
        Assert.That(_volume.Get("d").Times.Written, Is.GreaterThan(listed.Written!.Value));
    }

    [Test]
    public void ChangeTime_WhileTheClockStandsStill_MovesWithEveryChange()
    {
        _volume.CreateFile("f", 10);
        var snapshot = _volume.TakeSnapshot();
        var before = _volume.Get("f").Times.Changed!.Value;
        _volume.Write("f", 0, [1]);

        Assert.That(before.ToDateTimeOffset(), Is.LessThan(snapshot.TakenAt));
        Assert.That(_volume.Get("f").Times.Changed!.Value.ToDateTimeOffset(), Is.GreaterThan(snapshot.TakenAt));
    }

    [Test]
    public void Write_BeyondTheEnd_LeavesZerosBetween()
    {
        _volume.CreateFile("f");
        _volume.Append("f", Encoding.ASCII.GetBytes("ab"));
        _volume.Write("f", 5, Encoding.ASCII.GetBytes("c"));
        var bytes = new byte[10];

        Assert.That(_volume.Read("f", 0, bytes), Is.EqualTo(6));
        Assert.That(bytes[..6], Is.EqualTo("ab\0\0\0c"u8.ToArray()));
    }

    private static void Refused(Action operation, string why)
    {
        var error = Assert.Throws<BackupException>(operation);
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(why));
    }

    private long Allocated(string path)
    {
        var allocated = _volume.Get(path).Streams[0].AllocatedBytes;
        Assert.That(_volume.UsedBytes, Is.EqualTo(allocated));
        return allocated;
    }
}
