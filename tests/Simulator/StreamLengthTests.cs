using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Valid data length, allocation size, allocated ranges.</summary>
[TestFixture]
public sealed class StreamLengthTests
{
    private const int KiB = 1024;

    private SimVolume _volume = null!;

    [SetUp]
    public void MakeVolume()
    {
        _volume = new SimVolume(new VolumeSettings { CapacityBytes = 16 << 20 }, new SimClock());
        _volume.CreateFile("f");
    }

    [Test]
    public void SetEndOfFile_LeavesTheNewEndUninitialized()
    {
        _volume.Write("f", 0, new byte[8 * KiB].Select((_, i) => (byte)((i & 0xFF) | 1)).ToArray());
        _volume.SetEndOfFile("f", 100 * KiB);

        Assert.That(Main.ValidDataBytes, Is.EqualTo(8 * KiB));
        Assert.That(Main.AllocatedBytes, Is.EqualTo(100 * KiB));
        Assert.That(ReadAt(50 * KiB), Is.Zero);

        _volume.Write("f", 60 * KiB, [7]);
        Assert.That(Main.ValidDataBytes, Is.EqualTo((60 * KiB) + 1));
        _volume.SetEndOfFile("f", 10 * KiB);
        Assert.That(Main.UninitializedBytes, Is.Zero);
    }

    [Test]
    public void SetValidData_ShowsWhatTheClustersHeld()
    {
        _volume.SetEndOfFile("f", 100 * KiB);
        var before = _volume.TakeSnapshot();

        _volume.SetValidData("f", 64 * KiB);

        Assert.That(Main.ValidDataBytes, Is.EqualTo(64 * KiB));
        var stale = new byte[KiB];
        _volume.Read("f", 32 * KiB, stale);
        Assert.That(stale.Distinct().Count(), Is.GreaterThan(100));
        Assert.That(ReadAt(64 * KiB), Is.Zero);
        var change = before.DiffTo(_volume).Changes.Single();
        Assert.That(change.Aspects & VolumeChangeAspects.ValidDataLength, Is.EqualTo(VolumeChangeAspects.ValidDataLength));
        Assert.That(change.Streams.Single().DirtyRanges, Is.EqualTo(new[] { new ByteRange(0, 64 * KiB) }));
    }

    [Test]
    public void SetValidData_OutOfItsRules_IsRefused()
    {
        _volume.SetEndOfFile("f", 100 * KiB);
        _volume.SetValidData("f", 10 * KiB);
        _volume.CreateFile("sparse", 100 * KiB);
        _volume.SetSparse("sparse");
        _volume.CreateFile("compressed", 100 * KiB);
        _volume.SetCompression("compressed");

        Refused(() => _volume.SetValidData("f", 9 * KiB), "does not go back");
        Refused(() => _volume.SetValidData("f", (100 * KiB) + 1), "at most the size");
        Refused(() => _volume.SetValidData("sparse", 100 * KiB), "sparse and compressed");
        Refused(() => _volume.SetValidData("compressed", 100 * KiB), "sparse and compressed");
        var other = new SimVolume(new VolumeSettings { HasManageVolumePrivilege = false }, new SimClock());
        other.CreateFile("f", 100);
        Refused(() => other.SetValidData("f", 100), "PRIVILEGE");
    }

    [Test]
    public void AllocationSize_IsSetAsideAndGrownInto()
    {
        _volume.SetAllocationSize("f", 1 << 20);
        Assert.That((Main.SizeBytes, Main.AllocatedBytes), Is.EqualTo((0, 1 << 20)));
        Assert.That(_volume.UsedBytes, Is.EqualTo(1 << 20));

        _volume.WriteGenerated("f", 0, 512 * KiB, seed: 1);
        Assert.That(_volume.UsedBytes, Is.EqualTo(1 << 20));

        _volume.SetAllocationSize("f", 100 * KiB);
        Assert.That((Main.SizeBytes, _volume.UsedBytes), Is.EqualTo((100 * KiB, 100 * KiB)));
        var error = Assert.Throws<BackupException>(() => _volume.SetAllocationSize("f", 17 << 20));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeFull));
        _volume.SetAllocationSize("f", 200 * KiB);
        _volume.Delete("f");
        Assert.That(_volume.UsedBytes, Is.Zero);
    }

    [Test]
    public void AllocatedRanges_OfAPart_AreCutToIt()
    {
        _volume.SetSparse("f");
        _volume.SetEndOfFile("f", 1 << 20);
        _volume.Write("f", 64 * KiB, [1]);
        _volume.Write("f", 200 * KiB, [1]);

        Assert.That(_volume.QueryAllocatedRanges("f", 100 * KiB, 100 * KiB), Is.EqualTo(new[]
        {
            new ByteRange(100 * KiB, 28 * KiB), new ByteRange(192 * KiB, 8 * KiB),
        }));
        Assert.That(_volume.QueryAllocatedRanges("f", 0, 0), Is.Empty);
        Assert.That(_volume.QueryAllocatedRanges("f", 2 << 20, 5), Is.Empty);
        Refused(() => _volume.QueryAllocatedRanges("f", -1, 5), "INVALID_PARAMETER");
        Refused(() => _volume.QueryAllocatedRanges("f", 1, -1), "INVALID_PARAMETER");
        Refused(() => _volume.QueryAllocatedRanges("f", long.MaxValue, 1), "INVALID_PARAMETER");
    }

    private VolumeStream Main => _volume.Get("f").Streams[0];

    private int ReadAt(long offset)
    {
        var buffer = new byte[1];
        _volume.Read("f", offset, buffer);
        return buffer[0];
    }

    private static void Refused(Action action, string rule)
    {
        var error = Assert.Throws<BackupException>(() => action());
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.VolumeOperationInvalid));
        Assert.That(error.Message, Does.Contain(rule));
    }
}
