using Harness.Engine.Errors;
using Harness.Simulator.Compare;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
[NonParallelizable]
public sealed class GeneratedTreeTests
{
    private const ulong Seed = 4711;

    private static readonly TreeShape[] Shapes =
    [
        new() { Files = 0 },
        new() { Files = 1 },
        new() { Files = 0, Directories = 200, FanOut = 3 },
        new() { Files = 777, Directories = 1, Sizes = [0, 1, 700, 701, 5000] },
        new() { Files = 5, Directories = 60, FanOut = 1, Extensions = [".txt", ".docx"], Content = ContentProfile.Text },
        new() { Files = 5_000, Directories = 321, FanOut = 4, Sizes = [0, 10, 100_000, 4096, 65536, 3, 1 << 20] },
        new()
        {
            Files = 1_003, Directories = 17, FanOut = 16, Sizes = [900, 200_000],
            Content = ContentProfile.Random with { RatioPermille = 300, DuplicatePermille = 100 },
            Attributes = FileAttributes.Compressed | FileAttributes.ReadOnly | FileAttributes.NotContentIndexed,
        },
        new() { Files = 300, Directories = 5, Attributes = FileAttributes.SparseFile | FileAttributes.Hidden, Sizes = [100_000] },
    ];

    [TestCaseSource(nameof(Shapes))]
    public void GeneratedTree_OfAnyShape_IsTheTreeMadeEntryByEntry(TreeShape shape)
    {
        var generated = NewVolume();
        var made = NewVolume();
        generated.CreateGeneratedTree("a/tree", shape, Seed);
        made.CreateTree("a/tree", shape, Seed);

        Assert.That(
            (generated.FileCount, generated.DirectoryCount, generated.UsedBytes, generated.FreeBytes),
            Is.EqualTo((made.FileCount, made.DirectoryCount, made.UsedBytes, made.FreeBytes)));
        Assert.That(VolumeComparer.Compare(made, generated, new VolumeComparison { RootMetadata = true }), Is.Empty);
        Assert.That(VolumeComparer.Compare(generated, made, new VolumeComparison { RootMetadata = true }), Is.Empty);
        Assert.That(Described(generated), Is.EqualTo(Described(made)));
        Assert.That(
            generated.Walk().SelectMany(entry => entry.Streams).Sum(stream => stream.AllocatedBytes),
            Is.EqualTo(generated.UsedBytes));
    }

    [Test]
    public void GeneratedTree_LookedUpByPathAndByReference_IsOneEntry()
    {
        var volume = Generated(out _);
        foreach (var entry in volume.Walk())
        {
            Assert.That(volume.Find(entry.Path)?.Reference, Is.EqualTo(entry.Reference), entry.Path);
            Assert.That(volume.Find(entry.Path.ToUpperInvariant())?.Path, Is.EqualTo(entry.Path));
            Assert.That(volume.Find(entry.Reference)?.Path, Is.EqualTo(entry.Path));
            Assert.That(volume.Find(entry.ParentReference)?.IsDirectory, Is.True, entry.Path);
        }

        Assert.That(volume.Walk().Select(entry => entry.Reference).Distinct().Count(),
            Is.EqualTo(volume.FileCount + volume.DirectoryCount));
    }

    [TestCase("tree/d000")]
    [TestCase("tree/d321")]
    [TestCase("tree/d99")]
    [TestCase("tree/d005")]
    [TestCase("tree/f0000")]
    [TestCase("tree/f0000.bin.bin")]
    [TestCase("tree/f5000.bin")]
    [TestCase("tree/f9999.bin")]
    [TestCase("tree/d001/f0000.bin")]
    [TestCase("tree/x0000.bin")]
    [TestCase("tree/f0000.bin/f0000.bin")]
    public void GeneratedTree_AskedForANameThatIsNotThere_SaysSo(string path)
    {
        var volume = Generated(out _);

        Assert.That(volume.Find(path), Is.Null);
        Assert.That(volume.Find("tree/f0000.bin"), Is.Not.Null);
    }

    [Test]
    public void GeneratedTree_ChangedLikeOneMadeEntryByEntry_StaysTheSame()
    {
        var shape = Shapes[5];
        var generated = NewVolume();
        var made = NewVolume();
        generated.CreateGeneratedTree("tree", shape, Seed);
        made.CreateTree("tree", shape, Seed);
        var before = generated.TakeSnapshot();
        made.TakeSnapshot();

        Change(generated);
        Change(made);

        Assert.That(VolumeComparer.Compare(made, generated), Is.Empty);
        Assert.That(Described(generated), Is.EqualTo(Described(made)));
        Assert.That(
            (generated.FileCount, generated.DirectoryCount, generated.UsedBytes),
            Is.EqualTo((made.FileCount, made.DirectoryCount, made.UsedBytes)));

        var untouched = NewVolume();
        untouched.CreateTree("tree", shape, Seed);
        Assert.That(VolumeComparer.Compare(untouched, before), Is.Empty);
    }

    [Test]
    public void GeneratedTree_DeletedWhole_LeavesNothing()
    {
        var volume = Generated(out _);
        volume.DeleteTree("tree");

        Assert.That((volume.FileCount, volume.DirectoryCount, volume.UsedBytes), Is.EqualTo((0L, 1L, 0L)));
        Assert.That(volume.CreateFile("new", 10).Sequence, Is.EqualTo(2).Or.EqualTo(1));
    }

    [Test]
    public void GeneratedTree_OfAHundredMillionFiles_IsAnsweredWithoutMakingIt()
    {
        var shape = new TreeShape { Files = 100_000_000, Directories = 111_111, Sizes = [1000, 5000, 70_000] };
        var volume = new SimVolume(new VolumeSettings(), new SimClock());
        volume.CreateGeneratedTree("warm", new TreeShape { Files = 10 }, 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        volume.CreateGeneratedTree("tree", shape, Seed);
        var snapshot = volume.TakeSnapshot();
        volume.Write("tree/d000004/f00003620.bin", 0, [1, 2, 3]);
        var difference = snapshot.DiffTo(volume);
        var count = snapshot.List("tree/d000007/d000077").Count();
        var cost = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.That(volume.FileCount, Is.EqualTo(100_000_010));
        Assert.That(volume.UsedBytes, Is.EqualTo((33_333_334L * 4096) + (33_333_333L * 8192) + (33_333_333L * 73_728) + (10 * 16_384)).Within(73_728));
        Assert.That(difference.Changes.Select(change => snapshot.Find(change.Reference)?.Path), Is.EqualTo(["tree/d000004/f00003620.bin"]));
        Assert.That(difference.PagesVisited, Is.EqualTo(1));
        Assert.That(count, Is.EqualTo(911));
        Assert.That(cost, Is.LessThan(4 << 20));
    }

    [Test]
    public void GeneratedTree_WalkedWhole_KeepsFewPages()
    {
        var volume = new SimVolume(new VolumeSettings(), new SimClock());
        volume.CreateGeneratedTree("tree", new TreeShape { Files = 200_000, Directories = 2_000 }, Seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var files = volume.Walk().LongCount(entry => !entry.IsDirectory);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.That(files, Is.EqualTo(200_000));
        Assert.That(held, Is.LessThan(4 << 20), "256 pages of 64 records of 80 bytes, and some");
        GC.KeepAlive(volume);
    }

    [Test]
    public void GeneratedTree_ReadFromAFrozenSnapshotWhileTheVolumeChanges_NeverShowsAChange()
    {
        var volume = Generated(out var shape);
        var snapshot = volume.TakeSnapshot();
        var expected = NewVolume();
        expected.CreateTree("tree", shape, Seed);
        var wanted = Described(expected);
        using var started = new ManualResetEventSlim();
        var read = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            started.Wait();
            return Described(snapshot);
        })).ToArray();

        started.Set();
        var random = new SeededSequence(3);
        for (var i = 0; i < 2_000; i++)
        {
            var file = random.Below(shape.Files);
            if (volume.Find(new FileReference((ulong)(64 + shape.Directories - 1 + file), 1)) is { } entry)
            {
                switch (random.Below(3))
                {
                    case 0:
                        volume.Delete(entry.Path);
                        break;
                    case 1:
                        volume.Rename(entry.Path, $"tree/moved{i}");
                        break;
                    default:
                        volume.Append(entry.Path, [1, 2, 3]);
                        break;
                }
            }
            else if (i % 50 == 0)
            {
                volume.CreateGeneratedTree($"more{i}", new TreeShape { Files = 100 }, 1);
            }
        }

        Assert.That(read.Select(task => task.GetAwaiter().GetResult()), Is.All.EqualTo(wanted));
    }

    [Test]
    public void GeneratedTrees_OnOneVolume_KeepTheirNamesApart()
    {
        var volume = NewVolume();
        for (var i = 0; i < 20; i++)
        {
            volume.CreateGeneratedTree($"t{i}", new TreeShape { Files = i * 7, Directories = 1 + i, FanOut = 2 }, (ulong)i);
            volume.CreateFile($"between{i}", i);
        }

        for (var i = 0; i < 20; i++)
        {
            var one = NewVolume();
            one.CreateTree("t", new TreeShape { Files = i * 7, Directories = 1 + i, FanOut = 2 }, (ulong)i);
            Assert.That(
                VolumeComparer.Compare(
                    one, volume, new VolumeComparison { ExpectedFolder = "t", ActualFolder = $"t{i}", Times = false }),
                Is.Empty);
        }
    }

    [Test]
    public void GeneratedTree_AtTheRoot_FillsTheVolume()
    {
        var volume = NewVolume();
        volume.CreateGeneratedTree("", new TreeShape { Files = 30, Directories = 3 }, Seed);

        Assert.That(volume.List("").Select(entry => entry.Name).Take(3), Is.EqualTo(["d1", "d2", "f00.bin"]));
        Assert.That(volume.Walk().Count(), Is.EqualTo(33));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        var good = new TreeShape { Files = 10 };
        yield return new TestCaseData(good with { Files = -1 }, "Files").SetArgDisplayNames("no files");
        yield return new TestCaseData(good with { Directories = 0 }, "Files").SetArgDisplayNames("no top");
        yield return new TestCaseData(good with { Files = 3_000_000_000 }, "Files").SetArgDisplayNames("too many");
        yield return new TestCaseData(good with { FanOut = 0 }, "FanOut").SetArgDisplayNames("fan-out");
        yield return new TestCaseData(good with { Sizes = [] }, "Sizes").SetArgDisplayNames("no sizes");
        yield return new TestCaseData(good with { Sizes = [-1] }, "Sizes").SetArgDisplayNames("size");
        yield return new TestCaseData(good with { Sizes = [1L << 45] }, "Sizes").SetArgDisplayNames("huge size");
        yield return new TestCaseData(good with { Extensions = ["bin"] }, "Extensions").SetArgDisplayNames("no dot");
        yield return new TestCaseData(good with { Extensions = [".a/b"] }, "Extensions").SetArgDisplayNames("slash");
        yield return new TestCaseData(good with { Attributes = FileAttributes.Encrypted }, "Encrypted").SetArgDisplayNames("encrypted");
        yield return new TestCaseData(good with { Content = new(ContentKind.Bytes, 1001) }, "Content").SetArgDisplayNames("ratio");
    }

    [TestCaseSource(nameof(Refused))]
    public void GeneratedTree_OfAnImpossibleShape_IsRefusedNamingTheField(TreeShape shape, string field)
    {
        var volume = NewVolume();

        var error = Assert.Throws<BackupException>(() => volume.CreateGeneratedTree("a/b", shape, 1))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(field));
        Assert.That(volume.Find("a"), Is.Null, "nothing was made");
    }

    [Test]
    public void GeneratedTree_WhereItCannotBe_IsRefusedAndChangesNothing()
    {
        var volume = new SimVolume(new VolumeSettings { CapacityBytes = 1 << 20 }, new SimClock());
        volume.CreateDirectories("full/entry");
        volume.CreateFile("file");
        volume.CreateDirectory("secret");
        volume.Encrypt("secret");
        var shape = new TreeShape { Files = 10 };

        Assert.That(Code(() => volume.CreateGeneratedTree("full", shape, 1)), Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(Code(() => volume.CreateGeneratedTree("file", shape, 1)), Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(Code(() => volume.CreateGeneratedTree("secret/t", shape, 1)), Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(Code(() => volume.CreateGeneratedTree("big/t", shape with { Files = 65 }, 1)), Is.EqualTo(ErrorCode.VolumeFull));
        Assert.That(volume.Find("big"), Is.Null);
        volume.Journal.Create();
        Assert.That(Code(() => volume.CreateGeneratedTree("late", shape, 1)), Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        volume.CreateTree("secret/t", shape, 1);
        Assert.That(volume.Get("secret/t/f3.bin").Attributes, Is.EqualTo(FileAttributes.Archive | FileAttributes.Encrypted));
    }

    private static void Change(SimVolume volume)
    {
        volume.Write("tree/d001/f0017.bin", 5, [1, 2, 3]);
        volume.Rename("tree/d002", "tree/d001/moved");
        volume.Rename("tree/d001/moved/d010/f0160.bin", "tree/f0160.bin");
        volume.DeleteTree("tree/d003");
        volume.CreateFile("tree/d004/f0064x.bin", 77, seed: 1);
        volume.CreateHardLink("tree/d004/again", "tree/d004/f0064.bin");
        volume.SetCompression("tree/d004/f0065.bin");
        volume.Write("tree/d004/f0066.bin:notes", 0, [9]);
        volume.SetAttributes("tree/d004/d017", FileAttributes.Hidden);
        volume.Delete("tree/f0000.bin");
        volume.CreateFile("tree/F0000.BIN", 3, seed: 2);
    }

    private static SimVolume Generated(out TreeShape shape)
    {
        var volume = NewVolume();
        shape = Shapes[5];
        volume.CreateGeneratedTree("tree", shape, Seed);
        return volume;
    }

    private static SimVolume NewVolume() => new(new VolumeSettings(), new SimClock());

    private static ErrorCode Code(Action action) => Assert.Throws<BackupException>(action)!.Code;

    /// <summary>All that an entry shows but its place in the file table.</summary>
    private static ulong Described(VolumeView volume)
    {
        var hash = 0UL;
        Span<byte> head = stackalloc byte[64];
        foreach (var entry in volume.Walk())
        {
            head.Clear();
            var read = entry.IsDirectory ? 0 : volume.Read(entry.Path, 0, head);
            hash = Mix.Of(hash, $"{entry.Path} {entry.Attributes} {entry.Times} {entry.LinkCount} {string.Join(',', entry.Streams)} "
                + $"{entry.Security} {Convert.ToHexString(head[..read])}");
        }

        return hash;
    }
}
