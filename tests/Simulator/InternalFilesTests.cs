using Harness.Simulator.Kernel;
using Harness.Simulator.Snapshots.Vss;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>The space of the change journal and of the diff area.</summary>
[TestFixture]
public sealed class InternalFilesTests
{
    private const int KiB = 1024;

    [TestCase(true)]
    [TestCase(false)]
    public void Journal_TakesUnitsWhereItIsCharged(bool charges)
    {
        var volume = Make(charges);
        volume.Journal.Create();
        for (var i = 0; i < 2000; i++)
        {
            volume.CreateFile($"f{i}");
        }

        Assert.That(volume.Journal.AllocatedBytes, Is.GreaterThan(0));
        Assert.That(volume.Journal.AllocatedBytes % (64 * KiB), Is.Zero);
        Assert.That(volume.UsedBytes, Is.EqualTo(charges ? volume.Journal.AllocatedBytes : 0));
        Assert.That(volume.TakeSnapshot().UsedBytes, Is.EqualTo(volume.UsedBytes));
        volume.Journal.Delete(volume.Journal.Query().JournalId);
        Assert.That(volume.UsedBytes, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DiffArea_TakesSpaceAndVanishesWhenTheVolumeIsFull(bool charges)
    {
        var clock = new SimClock();
        var volume = Make(charges);
        volume.CreateFile("f", 8 << 20);
        var provider = new VssProvider(clock);
        provider.AddVolume(volume, maxDiffBytes: 64 << 20);
        await provider.CreateAsync(volume);
        volume.WriteGenerated("f", 0, 4 << 20, seed: 1);

        Assert.That(provider.DiffAreaUsedBytes(volume), Is.GreaterThanOrEqualTo(4 << 20));
        Assert.That(
            volume.UsedBytes, Is.EqualTo((8 << 20) + (charges ? provider.DiffAreaUsedBytes(volume) : 0)));

        volume.CreateFile("g", volume.FreeBytes);
        volume.WriteGenerated("f", 4 << 20, 4 << 20, seed: 2);
        Assert.That(provider.List(volume), charges ? Is.Empty : Has.Count.EqualTo(1));
    }

    private static SimVolume Make(bool charges) =>
        new(new VolumeSettings { CapacityBytes = 16 << 20, ChargesInternalFiles = charges }, new SimClock());
}
