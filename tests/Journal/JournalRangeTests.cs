using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Journal;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;
using RangeAttribute = NUnit.Framework.RangeAttribute;

namespace Harness.Tests.Journal;

/// <summary>Tracking of modified ranges, and what a reader of the journal may rely on.</summary>
[TestFixture]
public sealed class JournalRangeTests
{
    private SimVolume _volume = null!;
    private ulong _id;

    [SetUp]
    public void SetUp()
    {
        _volume = new SimVolume(new VolumeSettings(), new SimClock());
        _volume.CreateFile("big", 4 << 20);
        _volume.CreateFile("small", 1000);
        _id = _volume.Journal.Create();
    }

    [Test]
    public void Ranges_OfALargeFile_ComeBeforeItsCloseRecord()
    {
        _volume.Journal.TrackModifiedRanges(new RangeTracking());
        using (_volume.Open("big"))
        {
            _volume.Write("big", 100_000, [1]);
            _volume.Write("big", 16383, [1, 2]);
            _volume.Write("big", 100_001, [1]);
        }

        var records = Records();
        Assert.That(records.Select(record => record.MajorVersion), Is.EqualTo([3, 4, 3]));
        Assert.That(records[1].Extents, Is.EqualTo([new ByteRange(0, 32768), new ByteRange(6 * 16384, 16384)]));
        Assert.That(records[1].RecordLength, Is.EqualTo(64 + 32));
        Assert.That(records[2].IsClose, Is.True);
        Assert.That(records[2].Usn, Is.EqualTo(records[1].Usn + 96));
        Assert.That(records[0].RecordLength, Is.EqualTo(88));
    }

    [Test]
    public void SmallFile_AndNamedStream_HaveNoRanges()
    {
        _volume.Journal.TrackModifiedRanges(new RangeTracking());
        _volume.Write("small", 0, [1]);
        _volume.WriteGenerated("big:s", 0, 4 << 20, 1);

        Assert.That(Records(), Has.All.Property("MajorVersion").EqualTo(3));
    }

    [Test]
    public void ManyRanges_TakeSeveralRecords_AndSayHowManyFollow()
    {
        _volume.Journal.TrackModifiedRanges(new RangeTracking { ChunkBytes = 512 });
        using (_volume.Open("big"))
        {
            for (var i = 0; i < 600; i++)
            {
                _volume.Write("big", i * 1024, [1]);
            }
        }

        var ranges = Records().Where(record => record.MajorVersion == 4).ToList();
        Assert.That(ranges.Select(record => (record.Extents.Count, record.RemainingExtents)), Is.EqualTo(
            [(252, 348), (252, 96), (96, 0)]));
        Assert.That(ranges, Has.All.Property("RecordLength").LessThanOrEqualTo(4096));
        Assert.That(_volume.Journal.Read(new JournalQuery { JournalId = _id, OnlyOnClose = true }).Records, Has.Count.EqualTo(4));
    }

    [Test]
    public void OldReader_SeesVersion2AndNoRanges()
    {
        _volume.Write("small", 0, [1]);
        _volume.Journal.TrackModifiedRanges(new RangeTracking());
        _volume.Write("big", 0, [1]);

        var two = _volume.Journal.Read(new JournalQuery { JournalId = _id, MaxMajorVersion = 2 }).Records;
        var three = _volume.Journal.Read(new JournalQuery { JournalId = _id, MaxMajorVersion = 3 }).Records;

        Assert.That(two.Select(record => (record.MajorVersion, record.RecordLength)), Is.All.EqualTo((2, 64)).Or.EqualTo((2, 72)));
        Assert.That(two, Has.Count.EqualTo(4));
        Assert.That(three.Select(record => record.MajorVersion), Is.EqualTo([2, 2, 3, 3]));
        Assert.That(
            () => _volume.Journal.Read(new JournalQuery { JournalId = _id, MaxMajorVersion = 1 }),
            Throws.TypeOf<JournalException>());
    }

    [Test]
    public void Tracking_EndsOnlyWithTheJournal()
    {
        _volume.Journal.TrackModifiedRanges(new RangeTracking());
        _volume.Journal.Create();
        Assert.That(_volume.Journal.Query().RangeTracking, Is.EqualTo(new RangeTracking()));

        _volume.Journal.Delete(_id);
        _volume.Journal.Create();

        Assert.That(_volume.Journal.Query().RangeTracking, Is.Null);
        Assert.That(
            () => _volume.Journal.TrackModifiedRanges(new RangeTracking { ChunkBytes = 0 }), Throws.TypeOf<JournalException>());
    }

    [Test]
    public void Bytes_OfVersion4_HoldTheExtents()
    {
        _volume.Journal.TrackModifiedRanges(new RangeTracking());
        _volume.Write("big", 16384, [1]);

        var record = Records()[1];
        var bytes = new byte[record.RecordLength];
        UsnLayout.Write(record, bytes);

        Assert.That(BitConverter.ToUInt16(bytes, 4), Is.EqualTo(4));
        Assert.That(BitConverter.ToUInt64(bytes, 8), Is.EqualTo(record.File.Value));
        Assert.That(BitConverter.ToInt64(bytes, 40), Is.EqualTo(record.Usn));
        Assert.That(BitConverter.ToUInt16(bytes, 60), Is.EqualTo(1));
        Assert.That(BitConverter.ToUInt16(bytes, 62), Is.EqualTo(16));
        Assert.That((BitConverter.ToInt64(bytes, 64), BitConverter.ToInt64(bytes, 72)), Is.EqualTo((16384L, 16384L)));
    }

    /// <summary>
    /// The rule that incremental backups live by: what differs between two snapshots has a record between their next USNs, and
    /// every dirty byte of a tracked file lies in a range of version 4.
    /// </summary>
    [Test]
    public void Journal_BetweenSnapshots_CoversTheDiff([Range(1, 8)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededSequence((ulong)seed);
        _volume.Journal.TrackModifiedRanges(new RangeTracking { ChunkBytes = 4096, FileSizeThresholdBytes = 0 });
        for (var i = 0; i < 20; i++)
        {
            _volume.CreateFile($"f{i}", random.Below(200_000));
        }

        var before = _volume.TakeSnapshot();
        for (var i = 0; i < 100; i++)
        {
            Act(random, $"f{random.Below(20)}", i);
        }

        var after = _volume.TakeSnapshot();
        var records = after.Journal!.ReadToEnd(
            new JournalQuery { JournalId = _id, StartUsn = before.Journal!.Query().NextUsn }).ToLookup(record => record.File);
        foreach (var change in before.DiffTo(after).Changes.Where(change => change.Reference != after.Get("").Reference))
        {
            Assert.That(records[change.Reference].Last().IsClose, Is.True, $"{change}");
            var tracked = records[change.Reference].SelectMany(record => record.Extents).ToList();
            var dirty = change.Streams.Where(stream => stream.Name.Length == 0).SelectMany(stream => stream.DirtyRanges);
            Assert.That(
                change.Kind == VolumeChangeKind.Changed ? dirty.Where(range => !IsCovered(range, tracked)) : [],
                Is.Empty,
                $"{change}");
        }
    }

    private static bool IsCovered(ByteRange range, List<ByteRange> by)
    {
        for (var at = range.Offset; at < range.End;)
        {
            var there = by.Where(extent => extent.Offset <= at && extent.End > at).ToList();
            if (there.Count == 0)
            {
                return false;
            }

            at = there.Max(extent => extent.End);
        }

        return true;
    }

    private void Act(SeededSequence random, string path, int step)
    {
        if (_volume.Find(path) is null)
        {
            _volume.CreateFile(path, random.Below(1000));
            return;
        }

        switch (random.Below(8))
        {
            case 0:
                _volume.Delete(path);
                break;
            case 1:
                _volume.SetEndOfFile(path, random.Below(300_000));
                break;
            case 2:
                _volume.Rename(path, $"g{step}");
                break;
            case 3:
                _volume.Write($"{path}:s", random.Below(100), [1]);
                break;
            case 4:
                _volume.InsertGenerated(path, 0, 10, (ulong)step);
                break;
            default:
                _volume.WriteGenerated(path, random.Below(250_000), 1 + random.Below(50_000), random.Next());
                break;
        }
    }

    private IReadOnlyList<UsnRecord> Records() => _volume.Journal.Read(new JournalQuery { JournalId = _id }).Records;
}
