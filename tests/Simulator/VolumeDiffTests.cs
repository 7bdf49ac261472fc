using Harness.Engine.Model;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class VolumeDiffTests
{
    private const long Unit = 64 * 1024;

    private SimVolume _volume = null!;
    private VolumeSnapshot _before = null!;

    [SetUp]
    public void SetUp()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateDirectories("a/b");
        _volume.CreateFile("a/f", 10 * Unit);
        _volume.Write("a/f:notes", 0, [1, 2, 3, 4]);
        _volume.CreateFile("a/g", 100);
        _before = _volume.TakeSnapshot();
    }

    [Test]
    public void Write_InTheMiddle_IsExactlyThatRange()
    {
        _volume.Write("a/f", 1000, [1, 2, 3]);
        _volume.Write("a/f", 5000, [1, 2]);

        Assert.That(Stream("a/f").Ranges, Is.EqualTo(
            [new DirtyRange(1000, 3, DirtyRangeKind.Data), new DirtyRange(5000, 2, DirtyRangeKind.Data)]));
        Assert.That(
            Change("a/f").Aspects, Is.EqualTo(VolumeChangeAspects.Content | VolumeChangeAspects.Times));
    }

    [Test]
    public void Write_ThatIsUndoneInPart_LeavesOnlyTheRest()
    {
        var extent = _volume.GetExtents("a/f").Single();
        _volume.WriteGenerated("a/f", 0, 100, 99);
        _volume.WriteGenerated("a/f", 0, 40, extent.Seed, extent.Profile);

        Assert.That(Stream("a/f").Ranges, Is.EqualTo([new DirtyRange(40, 60, DirtyRangeKind.Data)]));
    }

    [Test]
    public void Hole_ThatIsPunched_IsAHoleWithZeroedEdges()
    {
        _volume.SetSparse("a/f");
        _volume.ZeroRange("a/f", Unit - 10, Unit + 20);

        var stream = Stream("a/f");
        Assert.That(stream.Ranges, Is.EqualTo(
            [
                new DirtyRange(Unit - 10, 10, DirtyRangeKind.Zero),
                new DirtyRange(Unit, Unit, DirtyRangeKind.Hole),
                new DirtyRange(2 * Unit, 10, DirtyRangeKind.Zero),
            ]));
        Assert.That(stream.DirtyRanges, Is.EqualTo([new ByteRange(Unit - 10, Unit + 20)]));
        Assert.That(stream.FlagsAfter, Is.EqualTo(StreamFlags.Sparse));
        Assert.That(Change("a/f").Aspects.HasFlag(VolumeChangeAspects.Storage), Is.True);
    }

    [Test]
    public void Truncation_AndGrowth_AreTheSizesAndTheNewEnd()
    {
        _volume.SetEndOfFile("a/f", 1000);

        Assert.That(Stream("a/f"), Has.Property("Ranges").Empty.And.Property("IsCut").True);

        _volume.SetEndOfFile("a/f", 11 * Unit);

        Assert.That(Stream("a/f").Ranges, Is.EqualTo([new DirtyRange(1000, (11 * Unit) - 1000, DirtyRangeKind.Zero)]));
        Assert.That(Stream("a/f").IsCut, Is.False);
    }

    [Test]
    public void Streams_AddedRemovedAndChanged_AreNamed()
    {
        _volume.Write("a/g:new", 5, [7]);
        _volume.Write("a/f:notes", 2, [9]);
        _volume.Delete("a/f:notes");
        _volume.Write("a/f:NOTES2", 0, [1]);

        Assert.That(Stream("a/g").Kind, Is.EqualTo(StreamChangeKind.Added));
        Assert.That(Stream("a/g").Ranges, Is.EqualTo(
            [new DirtyRange(0, 5, DirtyRangeKind.Zero), new DirtyRange(5, 1, DirtyRangeKind.Data)]));
        Assert.That(
            Change("a/f").Streams.Select(stream => (stream.Name, stream.Kind)),
            Is.EqualTo([("NOTES2", StreamChangeKind.Added), ("notes", StreamChangeKind.Removed)]));
    }

    [Test]
    public void Rename_Move_AndLink_AreToldApart()
    {
        _volume.Rename("a/f", "a/F");
        _volume.Rename("a/g", "a/b/g");

        Assert.That(Change("a/F").Aspects, Is.EqualTo(VolumeChangeAspects.Name | VolumeChangeAspects.Times));
        Assert.That(Change("a/b/g").Aspects, Is.EqualTo(VolumeChangeAspects.Parent | VolumeChangeAspects.Times));
        Assert.That(Change("a/b").Aspects, Is.EqualTo(VolumeChangeAspects.Children | VolumeChangeAspects.Times));

        _volume.Rename("a/F", "a/f");
        _volume.CreateHardLink("a/h", "a/f");

        Assert.That(Change("a/h").Aspects, Is.EqualTo(VolumeChangeAspects.Links | VolumeChangeAspects.Times));
    }

    [Test]
    public void Metadata_Alone_ShowsNoStream()
    {
        _volume.SetAttributes("a/g", FileAttributes.Hidden);
        _volume.SetSecurity("a/f", new EntrySecurity(SecurityKind.Windows, "O:BA"u8.ToArray()));
        _volume.SetReparsePoint("a/b", ReparseTags.MountPoint, ReparseTags.DataFor(ReparseTags.MountPoint, @"\??\C:\x"));

        Assert.That(Change("a/g").Streams, Is.Empty);
        Assert.That(Change("a/g").Aspects, Is.EqualTo(VolumeChangeAspects.Attributes | VolumeChangeAspects.Times));
        Assert.That(Change("a/f").Aspects, Is.EqualTo(VolumeChangeAspects.Security | VolumeChangeAspects.Times));
        Assert.That(Change("a/b").Aspects.HasFlag(VolumeChangeAspects.Reparse), Is.True);
    }

    [Test]
    public void CreationAndDeletion_ListAllStreamsAndNone()
    {
        _volume.Delete("a/g");
        _volume.CreateFile("a/new", 500);

        var changes = _before.DiffTo(_volume).Changes;
        Assert.That(
            changes.Where(change => change.Kind != VolumeChangeKind.Changed).Select(change => (change.Kind, change.Streams.Count)),
            Is.EqualTo([(VolumeChangeKind.Deleted, 0), (VolumeChangeKind.Created, 1)]));
    }

    [Test]
    public void FragmentedFile_WithOneEdit_VisitsOneRunOfExtents()
    {
        var volume = new SimVolume(new VolumeSettings { ClusterBytes = 65536 }, new SimClock());
        volume.CreateFile("f", 1L << 44);
        for (var i = 0; i < 5_000; i++)
        {
            volume.WriteGenerated("f", i * (1L << 30), 4096, (ulong)i);
        }

        var before = volume.TakeSnapshot();
        volume.WriteGenerated("f", (2_500L << 30) + 77, 100, 1);
        var difference = before.DiffTo(volume);

        Assert.That(difference.Changes.Single().Streams.Single().Ranges, Is.EqualTo(
            [new DirtyRange((2_500L << 30) + 77, 100, DirtyRangeKind.Data)]));
        Assert.That(difference.ExtentsVisited, Is.LessThan(600));
        Assert.That(difference.PagesVisited, Is.EqualTo(1));
    }

    private VolumeChange Change(string path)
    {
        var reference = _volume.Get(path).Reference;
        return _before.DiffTo(_volume).Changes.Single(change => change.Reference == reference);
    }

    private StreamChange Stream(string path) => Change(path).Streams.Single();
}
