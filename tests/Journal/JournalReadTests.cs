using System.Buffers.Binary;
using Harness.Engine.Model;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Journal;

/// <summary>Reading, trimming, deleting, and the documented errors of each.</summary>
[TestFixture]
public sealed class JournalReadTests
{
    private static readonly JournalSettings Small = new() { MaximumSizeBytes = 4096, AllocationDeltaBytes = 1024 };

    private SimVolume _volume = null!;
    private ulong _id;

    [SetUp]
    public void SetUp()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateFile("f", 100);
        _id = _volume.Journal.Create(Small);
    }

    [Test]
    public void Journal_BeyondItsSize_IsTrimmedInStepsOfTheDelta()
    {
        var firsts = new HashSet<long>();
        for (var i = 0; i < 1000; i++)
        {
            _volume.Write("f", 0, [1]);
            var info = _volume.Journal.Query();
            firsts.Add(info.FirstUsn);
            Assert.That(info.NextUsn - info.FirstUsn, Is.LessThanOrEqualTo(4096 + 1024));
            Assert.That(i < 60 || info.NextUsn - info.FirstUsn > 4096 - 1024 - 64, Is.True);
        }

        // Records are 64 bytes, so that every multiple of the delta is one.
        Assert.That(firsts, Has.All.Matches<long>(first => first % 1024 == 0));
        Assert.That(firsts, Has.Count.GreaterThan(10));
    }

    [Test]
    public void Read_BelowTheFirst_IsEntryDeleted_AndFromZeroBeginsAtTheFirst()
    {
        Fill(200);
        var info = _volume.Journal.Query();

        var error = Assert.Throws<JournalException>(() => Read(start: 64))!;
        Assert.That((int)error.Error, Is.EqualTo(1181));
        Assert.That(error.HResult, Is.EqualTo(unchecked((int)0x8007049D)));
        Assert.That(Read(start: 0).Records[0].Usn, Is.EqualTo(info.FirstUsn));
        Assert.That(Read(start: info.FirstUsn).Records[0].Usn, Is.EqualTo(info.FirstUsn));
        Assert.That(Read(start: info.NextUsn).Records, Is.Empty);
    }

    [TestCase(-8)]
    [TestCase(8)]
    [TestCase(100_000)]
    public void Read_FromWhatIsNoRecord_IsInvalidParameter(long start)
    {
        Fill(2);

        Assert.That(() => Read(start), ThrowsWith(87));
    }

    [Test]
    public void Read_OfAnotherInstance_IsInvalidParameter()
    {
        Fill(2);
        _volume.Journal.Delete(_id);
        var newId = _volume.Journal.Create(Small);

        Assert.That(newId, Is.Not.EqualTo(_id));
        Assert.That(() => Read(0), ThrowsWith(87));
        Assert.That(() => _volume.Journal.Delete(_id), ThrowsWith(87));
        Assert.That(_volume.Journal.Query().NextUsn, Is.Zero);
        Assert.That(_volume.Journal.ReadFile("f").Usn, Is.Zero);
    }

    [Test]
    public void Deletion_InProgressAndDone_HasItsErrors()
    {
        _volume.Journal.BeginDelete(_id);

        Assert.That(() => _volume.Journal.Query(), ThrowsWith(1178));
        Assert.That(() => Read(0), ThrowsWith(1178));
        Assert.That(() => _volume.Journal.Create(), ThrowsWith(1178));
        Assert.That(() => _volume.Journal.Delete(_id), ThrowsWith(1178));
        Assert.That(() => _volume.Journal.Enumerate(), ThrowsWith(1178));

        _volume.Journal.CompleteDelete();

        Assert.That(() => _volume.Journal.Query(), ThrowsWith(1179));
        Assert.That(() => Read(0), ThrowsWith(1179));
        Assert.That(() => _volume.Journal.Delete(_id), ThrowsWith(1179));
        Assert.That(() => _volume.Journal.TrackModifiedRanges(new RangeTracking()), ThrowsWith(1179));
        Assert.That(_volume.TakeSnapshot().Journal, Is.Null);
    }

    [Test]
    public void Creation_OfAnActiveOne_KeepsIdAndRecordsAndTakesTheSizes()
    {
        Fill(10);
        var before = _volume.Journal.Query();

        Assert.That(_volume.Journal.Create(new JournalSettings { MaximumSizeBytes = 1 << 20, AllocationDeltaBytes = 4096 }), Is.EqualTo(_id));
        Assert.That(_volume.Journal.Query(), Is.EqualTo(before with { MaximumSizeBytes = 1 << 20, AllocationDeltaBytes = 4096 }));
    }

    [TestCase(0, 1)]
    [TestCase(100, 0)]
    [TestCase(100, 101)]
    [TestCase(-1, -1)]
    public void Creation_WithBadSizes_IsInvalidParameter(long maximum, long delta) =>
        Assert.That(
            () => _volume.Journal.Create(new JournalSettings { MaximumSizeBytes = maximum, AllocationDeltaBytes = delta }),
            ThrowsWith(87));

    [Test]
    public void Creation_OnFat_IsInvalidFunction()
    {
        var volume = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Fat }, new SimClock());

        Assert.That(() => volume.Journal.Create(), ThrowsWith(1));
    }

    [Test]
    public void Mask_AndOnlyOnClose_Choose()
    {
        _volume.Write("f", 0, [1]);
        _volume.CreateFile("g", 5);

        var closes = _volume.Journal.Read(new JournalQuery { JournalId = _id, OnlyOnClose = true });
        var created = _volume.Journal.Read(new JournalQuery { JournalId = _id, ReasonMask = UsnReason.FileCreate });
        var both = _volume.Journal.Read(
            new JournalQuery { JournalId = _id, ReasonMask = UsnReason.FileCreate, OnlyOnClose = true });

        Assert.That(closes.Records.Select(record => record.Name), Is.EqualTo(["f", "g"]));
        Assert.That(created.Records, Has.Count.EqualTo(3).And.All.Property("Name").EqualTo("g"));
        Assert.That(both.Records, Has.Count.EqualTo(1));
        Assert.That(both.NextUsn, Is.EqualTo(_volume.Journal.Query().NextUsn));
    }

    [Test]
    public void Buffer_ThatIsSmall_BringsTheRestLater()
    {
        Fill(20);
        var query = new JournalQuery { JournalId = _id, BufferBytes = 200 };

        var batch = _volume.Journal.Read(query);
        var all = _volume.Journal.Freeze().ReadToEnd(query).ToList();

        Assert.That(batch.Records, Has.Count.EqualTo(3));
        Assert.That(batch.NextUsn, Is.EqualTo(batch.Records[^1].Usn + 64));
        Assert.That(all.Select(record => record.Usn), Is.EqualTo(Read(0).Records.Select(record => record.Usn)));
        Assert.That(() => _volume.Journal.Read(query with { BufferBytes = 63 }), ThrowsWith(122));
    }

    [Test]
    public void Bytes_OfVersion2_AreTheDocumentedLayout()
    {
        _volume.Write("f", 0, [1]);
        var batch = Read(0);

        var bytes = batch.ToBytes();

        var record = bytes.AsSpan(8, 64);
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(bytes), Is.EqualTo(128));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(record), Is.EqualTo(64));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(record[4..]), Is.EqualTo(2));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(record[8..]), Is.EqualTo(_volume.Get("f").Reference.Value));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(record[16..]), Is.EqualTo(_volume.Get("").Reference.Value));
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(record[32..]), Is.EqualTo(batch.Records[0].TimeStamp));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(record[40..]), Is.EqualTo(1));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(record[52..]), Is.EqualTo(0x20));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(record[56..]), Is.EqualTo(2));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(record[58..]), Is.EqualTo(60));
        Assert.That((char)record[60], Is.EqualTo('f'));
    }

    [Test]
    public void Enumeration_GivesEachFileOnce_WithinTheBounds()
    {
        _volume.CreateDirectory("d");
        _volume.CreateFile("d/g");
        _volume.CreateHardLink("h", "d/g");
        var between = _volume.Journal.Query().NextUsn;
        _volume.Write("f", 0, [1]);

        Assert.That(
            _volume.Journal.Enumerate().Select(record => record.Name), Is.EqualTo(["", "f", "d", "g"]));
        Assert.That(_volume.Journal.Enumerate(lowUsn: between).Select(record => record.Name), Is.EqualTo(["f"]));
        Assert.That(
            _volume.Journal.Enumerate(1, between, _volume.Get("d/g").Reference).Single(),
            Has.Property("Name").EqualTo("g").And.Property("Reason").EqualTo(UsnReason.None));
    }

    [Test]
    public void Snapshot_KeepsTheJournal_ThatTheVolumeTrimsAndDeletes()
    {
        Fill(20);
        var snapshot = _volume.TakeSnapshot();
        var before = snapshot.Journal!.ReadToEnd(new JournalQuery { JournalId = _id }).ToList();

        Fill(500);
        _volume.Journal.Delete(_id);

        Assert.That(before, Has.Count.EqualTo(40));
        Assert.That(snapshot.Journal!.ReadToEnd(new JournalQuery { JournalId = _id }), Is.EqualTo(before)
            .Using<UsnRecord>((a, b) => (a.Usn, a.Name, a.Reason) == (b.Usn, b.Name, b.Reason)));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint ThrowsWith(int code) =>
        Throws.TypeOf<JournalException>().With.Property("HResult").EqualTo(unchecked((int)0x80070000) | code);

    private JournalBatch Read(long start) => _volume.Journal.Read(new JournalQuery { JournalId = _id, StartUsn = start });

    private void Fill(int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            _volume.Write("f", 0, [1]);
        }
    }
}
