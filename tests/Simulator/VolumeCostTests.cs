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
    public void Memory_OfAnOrdinaryFile_IsAtMost160Bytes()
    {
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var volume = ManyFiles();
        var perFile = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)volume.FileCount;
        TestContext.Out.WriteLine($"{perFile:F1} bytes a file");

        Assert.That(perFile, Is.LessThanOrEqualTo(160));
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
