using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Cost by counting, never by the clock.</summary>
[TestFixture]
[NonParallelizable]
public sealed class VolumeCostTests
{
    private const int Files = 100_000;

    [Test]
    public void Snapshot_OfAnyVolume_AllocatesNextToNothing()
    {
        var volume = ManyFiles();
        volume.TakeSnapshot();
        var before = GC.GetAllocatedBytesForCurrentThread();
        volume.TakeSnapshot();
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(cost, Is.LessThan(1024));
        Assert.That(volume.PagesCloned, Is.Zero);
    }

    [Test]
    public void Diff_OfFewChanges_VisitsFewPages()
    {
        var volume = ManyFiles();
        var before = volume.TakeSnapshot();
        var random = new SeededSequence(3);
        var edited = Enumerable.Range(0, 50).Select(_ => random.Below(Files)).Distinct().ToList();
        foreach (var file in edited)
        {
            volume.Write($"d{file % 100}/f{file}", 0, [1, 2, 3]);
        }

        var difference = before.DiffTo(volume);

        Assert.That(difference.Changes, Has.Count.EqualTo(edited.Count));
        Assert.That(difference.PagesVisited, Is.LessThanOrEqualTo(edited.Count));
        Assert.That(volume.PagesCloned, Is.LessThanOrEqualTo(edited.Count));
        Assert.That(before.DiffTo(before).PagesVisited, Is.Zero);
    }

    [Test]
    public void Memory_OfAnOrdinaryFile_IsAtMost128Bytes()
    {
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var volume = ManyFiles();
        var perFile = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)volume.FileCount;
        TestContext.Out.WriteLine($"{perFile:F1} bytes a file");

        Assert.That(perFile, Is.LessThanOrEqualTo(128));
    }

    [Test]
    public void Creation_OfAnOrdinaryFile_AllocatesLittleMoreThanItHolds()
    {
        var volume = ManyFiles();
        var paths = Enumerable.Range(0, 10_000).Select(i => $"d7/g{i:d5}").ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var path in paths)
        {
            volume.CreateFile(path, 10_000);
        }

        var perFile = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)paths.Length;
        TestContext.Out.WriteLine($"{perFile:F1} bytes a file");

        Assert.That(perFile, Is.LessThan(160));
    }

    [Test]
    public void Lookup_OfAnExistingPath_AllocatesNothing()
    {
        var volume = ManyFiles();
        volume.Locate("d7/f7");
        var before = GC.GetAllocatedBytesForCurrentThread();
        volume.Locate("D99/F99999");
        volume.Locate("d99/f99998");

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Diff_OfOneChangeInAPage_ComparesThatRecordAlone()
    {
        var volume = ManyFiles();
        var before = volume.TakeSnapshot();
        volume.Write("d3/f3", 0, [1]);
        volume.Write("d3/f50003", 0, [1]);
        var diff = RecordDiff.Between(before.Records, volume.Records);

        Assert.That(diff.Changed, Has.Count.EqualTo(2));
        Assert.That((diff.PagesVisited, diff.RecordsVisited), Is.EqualTo((2L, 2L)));
    }

    [Test]
    public void Diff_AcrossSnapshotsBetween_MissesNothing()
    {
        var volume = ManyFiles();
        var first = volume.TakeSnapshot();
        volume.Write("d0/f0", 0, [1]);
        var second = volume.TakeSnapshot();
        volume.Write("d1/f1", 0, [1]);
        volume.TakeSnapshot();
        volume.Delete("d2/f2");
        volume.CreateFile("d2/new", 3);

        string[] Changed(VolumeSnapshot from) =>
            [.. from.DiffTo(volume).Changes.Where(change => !change.Kind.Equals(VolumeChangeKind.Deleted))
                .Select(change => volume.Find(change.Reference)!.Path).Where(path => path.Contains('/')).Order(StringComparer.Ordinal)];
        Assert.That(Changed(first), Is.EqualTo(["d0/f0", "d1/f1", "d2/new"]));
        Assert.That(Changed(second), Is.EqualTo(["d1/f1", "d2/new"]));
        Assert.That(
            second.DiffTo(first).Changes.Select(change => first.Find(change.Reference)?.Path), Is.EqualTo(["d0/f0"]));
    }

    // The volume of perf -- scale in a fiftieth of its files: the bytes are all there, the cost follows files and edits.
    [Test]
    public void HugeVolume_Of54400GBInManyFiles_IsBuiltChangedAndComparedInLittleMemory()
    {
        const int files = 20_000;
        const int edits = 200;
        const long total = 54_400L << 30;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var volume = new SimVolume(new VolumeSettings { ClusterBytes = 65536 }, new SimClock());
        volume.CreateDirectory("d");
        for (var i = 0; i < files; i++)
        {
            volume.CreateFile($"d/f{i}", (total / files) + (i < total % files ? 1 : 0));
        }

        var snapshot = volume.TakeSnapshot();
        for (var i = 0; i < edits; i++)
        {
            volume.WriteGenerated($"d/f{i * (files / edits)}", 1L << 30, 4096, (ulong)i);
        }

        var difference = snapshot.DiffTo(volume);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(snapshot.Walk().SelectMany(entry => entry.Streams).Sum(stream => stream.SizeBytes), Is.EqualTo(total));
        Assert.That(difference.Changes, Has.Count.EqualTo(edits));
        Assert.That(
            difference.Changes.Sum(change => change.Streams.Sum(stream => stream.DirtyRanges.Sum(range => range.Length))),
            Is.EqualTo(edits * 4096L));
        Assert.That(difference.PagesVisited, Is.LessThanOrEqualTo(edits));
        Assert.That(difference.ExtentsVisited, Is.LessThanOrEqualTo(edits * 3));
        Assert.That(cost, Is.LessThan((files * 320L) + (edits * 20_000L)));
    }

    [Test]
    public void HugeVolume_Of54400GB_IsBuiltInLittleMemory()
    {
        var recipe = RecipeSamples.Load("huge");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var volume = RecipeBuilder.Build(recipe, new SimClock());
        var snapshot = volume.TakeSnapshot();
        recipe.ApplyEdits(volume, "scattered");
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(snapshot.Walk().SelectMany(entry => entry.Streams).Sum(stream => stream.SizeBytes),
            Is.EqualTo(54_400L << 30));
        Assert.That(snapshot.DiffTo(volume).Changes, Has.Count.EqualTo(2));
        Assert.That(cost, Is.LessThan(4 << 20));
    }

    [Test]
    public void FragmentedFile_SharesWhatDidNotChange()
    {
        var volume = new SimVolume(new VolumeSettings { ClusterBytes = 65536 }, new SimClock());
        volume.CreateFile("f", 1L << 44);
        for (var i = 0; i < 5_000; i++)
        {
            volume.WriteGenerated("f", i * (1L << 30), 4096, (ulong)i);
        }

        volume.TakeSnapshot();
        var before = GC.GetAllocatedBytesForCurrentThread();
        volume.WriteGenerated("f", 77, 4096, 1);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(cost, Is.LessThan(100_000));
    }

    private static SimVolume ManyFiles()
    {
        var volume = new SimVolume(new VolumeSettings(), new SimClock());
        for (var i = 0; i < 100; i++)
        {
            volume.CreateDirectory($"d{i}");
        }

        for (var i = 0; i < Files; i++)
        {
            volume.CreateFile($"d{i % 100}/f{i}", 10_000);
        }

        return volume;
    }
}
