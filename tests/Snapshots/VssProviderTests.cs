using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Snapshots.Vss;
using Harness.Simulator.Volume;
using Harness.Tests.Support;
using NUnit.Framework;
using RangeAttribute = NUnit.Framework.RangeAttribute;

namespace Harness.Tests.Snapshots;

/// <summary>Sets, diff areas, and snapshots that vanish.</summary>
[TestFixture]
public sealed class VssProviderTests
{
    private const long Block = 16 * 1024;

    private SimClock _clock = null!;
    private SimVolume _volume = null!;
    private VssProvider _vss = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new SimClock();
        _volume = new SimVolume(new VolumeSettings { Label = "data" }, _clock);
        _volume.CreateFile("f", 100 * Block);
        _vss = new VssProvider(_clock);
        _vss.AddVolume(_volume);
    }

    [Test]
    public async Task Set_AcrossVolumes_IsOneMoment()
    {
        var other = new SimVolume(new VolumeSettings { Label = "log" }, _clock);
        other.CreateFile("f", 10);
        _vss.AddVolume(other);

        var set = await _vss.CreateAsync([_volume, other]);
        _volume.CreateFile("later");
        other.CreateFile("later");

        Assert.That(set.Snapshots.Select(snapshot => snapshot.CreatedAt).Distinct().Single(), Is.EqualTo(set.CreatedAt));
        Assert.That(set.Snapshots.Select(snapshot => snapshot.View.FileCount), Is.EqualTo([1, 1]));
        Assert.That(_vss.List(other), Is.EqualTo([set.Snapshots[1]]));
        Assert.That(set.Snapshots.Select(snapshot => snapshot.Id).Append(set.Id).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Set_OfWhichOneVolumeCannot_LeavesNoneBehind()
    {
        var other = new SimVolume(new VolumeSettings(), _clock);
        _vss.AddVolume(other, maxDiffBytes: 0);
        var alien = new SimVolume(new VolumeSettings(), _clock);
        var fat = new SimVolume(new VolumeSettings { FileSystem = FileSystemKind.Fat }, _clock);

        Assert.That(() => _vss.CreateAsync([_volume, other]).AsTask(), VssWriterTests.ThrowsWith(VssError.InsufficientStorage));
        Assert.That(() => _vss.CreateAsync(alien).AsTask(), VssWriterTests.ThrowsWith(VssError.VolumeNotSupportedByProvider));
        Assert.That(() => _vss.CreateAsync([_volume, _volume]).AsTask(), VssWriterTests.ThrowsWith(VssError.ObjectAlreadyExists));
        Assert.That(() => _vss.AddVolume(fat), VssWriterTests.ThrowsWith(VssError.VolumeNotSupported));
        Assert.That(() => new VssProvider(_clock).AddVolume(_volume), VssWriterTests.ThrowsWith(VssError.BadState));
        _volume.IsOffline = true;
        Assert.That(() => _vss.CreateAsync(_volume).AsTask(), VssWriterTests.ThrowsWith(VssError.VolumeNotSupported));
        Assert.That(_vss.List(), Is.Empty);
    }

    [Test]
    public async Task Volume_WithSixtyFourSnapshots_TakesNoMore_UntilOneIsDeleted()
    {
        for (var i = 0; i < 64; i++)
        {
            await _vss.CreateAsync(_volume);
        }

        Assert.That(
            () => _vss.CreateAsync(_volume).AsTask(), VssWriterTests.ThrowsWith(VssError.MaximumNumberOfSnapshotsReached));
        var third = _vss.List()[2];
        _vss.Delete(third.Id);
        await _vss.CreateAsync(_volume);

        Assert.That(_vss.List(), Has.Count.EqualTo(64));
        Assert.That(() => third.View, VssWriterTests.ThrowsWith(VssError.ObjectNotFound));
        Assert.That(() => _vss.Delete(third.Id), VssWriterTests.ThrowsWith(VssError.ObjectNotFound));
    }

    [Test]
    public async Task DiffArea_CountsEachOverwrittenBlockOnce()
    {
        var snapshot = (await _vss.CreateAsync(_volume)).Snapshots[0];
        Assert.That(snapshot.DiffAreaBytes, Is.Zero);

        _volume.Write("f", 5, [1]);
        var first = snapshot.DiffAreaBytes;
        _volume.Write("f", 6, [1]);
        _volume.Write("f", Block - 1, [1]);

        // One block of data and one of file records.
        Assert.That(first, Is.EqualTo(2 * Block));
        Assert.That(snapshot.DiffAreaBytes, Is.EqualTo(first));

        _volume.Write("f", (3 * Block) - 1, [1, 2]);
        Assert.That(snapshot.DiffAreaBytes, Is.EqualTo(first + (2 * Block)));

        _volume.AppendGenerated("f", 50 * Block, 1);
        _volume.SetEndOfFile("f", 60 * Block);
        _volume.CreateFile("new", 1000 * Block);
        Assert.That(snapshot.DiffAreaBytes, Is.EqualTo(first + (2 * Block)));

        var second = (await _vss.CreateAsync(_volume)).Snapshots[0];
        _volume.Write("f", 5, [1]);
        Assert.That(second.DiffAreaBytes, Is.EqualTo(2 * Block));
        Assert.That(_vss.DiffAreaUsedBytes(_volume), Is.EqualTo(first + (4 * Block)));
    }

    [Test]
    public async Task DiffArea_DoesNotCopyHoles()
    {
        _volume.CreateFile("s");
        _volume.SetSparse("s");
        _volume.SetEndOfFile("s", 1L << 40);
        var snapshot = (await _vss.CreateAsync(_volume)).Snapshots[0];

        _volume.WriteGenerated("s", 0, 1L << 39, 1);

        Assert.That(snapshot.DiffAreaBytes, Is.EqualTo(Block));
    }

    [Test]
    public async Task DiffArea_ThatIsFull_DeletesTheOldestFirst_AndThenTheLast()
    {
        _vss.AddVolume(_volume, maxDiffBytes: 20 * Block);
        var old = (await _vss.CreateAsync(_volume)).Snapshots[0];
        _volume.WriteGenerated("f", 0, 10 * Block, 1);
        var young = (await _vss.CreateAsync(_volume)).Snapshots[0];
        _volume.WriteGenerated("f", 0, 8 * Block, 2);
        Assert.That(_vss.List(), Is.EqualTo([old, young]));

        _volume.WriteGenerated("f", 20 * Block, Block, 2);

        Assert.That(_vss.List(), Is.EqualTo([young]));
        Assert.That(old.DeletedBecause, Does.Contain("diff area"));
        Assert.That(_vss.DiffAreaUsedBytes(_volume), Is.EqualTo(10 * Block));

        _volume.WriteGenerated("f", 0, 100 * Block, 3);
        Assert.That(_vss.List(), Is.Empty);
    }

    [Test]
    public async Task Reader_OfASnapshotThatIsDeleted_FailsInMidRead()
    {
        var source = new SimDataSource(_volume) { Vss = _vss };
        await using var snapshot = await source.CreateSnapshotAsync(default);
        var entry = await FirstFileAsync(snapshot);
        await using var reader = await snapshot.OpenAsync(entry, entry.Streams[0], default);
        Assert.That(await reader.ReadAsync(0, new byte[10], default), Is.EqualTo(10));

        _vss.Delete(_vss.List().Single().Id);

        Assert.That(
            () => reader.ReadAsync(10, new byte[10], default).AsTask(),
            Throws.TypeOf<SourceReadException>().With.Property("Fault").EqualTo(SourceFault.Vanished));
        Assert.That(await snapshot.IsAliveAsync(default), Is.False);
    }

    [Test]
    public async Task DataSource_WithAProvider_ClaimsWhatTheWritersMadeOfIt_AndDeletesItsSnapshot()
    {
        _vss.AddWriter(new SimVssWriter("sql"));
        var source = new SimDataSource(_volume) { Vss = _vss };

        var snapshot = await source.CreateSnapshotAsync(default);
        Assert.That(snapshot.Consistency, Is.EqualTo(ConsistencyLevel.Application));
        Assert.That(_vss.List(), Has.Count.EqualTo(1));
        await snapshot.DisposeAsync();
        await snapshot.DisposeAsync();

        Assert.That(_vss.List(), Is.Empty);
    }

    [Test]
    public async Task DataSource_OfWhichTheProviderFails_SaysSnapshotFailedWithTheResult()
    {
        _vss.AddVolume(_volume, 0);
        var source = new SimDataSource(_volume) { Vss = _vss };

        var error = (await Assert.ThrowsAsync<BackupException>(() => source.CreateSnapshotAsync(default).AsTask()))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.SnapshotFailed));
        Assert.That(error.Message, Does.Contain("0x8004231F"));
    }

    [Test]
    public async Task Backup_DuringWhichTheDiffAreaFills_MakesNoRecoveryPoint()
    {
        var rig = new EngineRig();
        rig.Volume.CreateFile("a", 1 << 20);
        rig.Volume.CreateFile("b", 1 << 20);
        var vss = new VssProvider(rig.Clock);
        vss.AddVolume(rig.Volume, 10 * Block);
        var faults = new SimVolumeFaults
        {
            Hook = call =>
            {
                if (call is { Operation: SimVolumeOperation.Open, Path: "b" })
                {
                    rig.Volume.WriteGenerated("a", 0, 1 << 20, 9);
                }

                return null;
            },
        };

        var error = await Assert.ThrowsAsync<BackupException>(() => rig.BackupAsync(
            request => request with { Source = new SimDataSource(rig.Volume, "", faults) { Vss = vss } }));
        var repeated = await rig.BackupAsync();

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.SourceVanished));
        Assert.That(repeated.RecoveryPoint, Is.EqualTo(1));
    }

    /// <summary>Whatever the live volume does between two reads, a snapshot that is alive reads as it did when it was made.</summary>
    [Test]
    public async Task Snapshot_ReadWhileTheVolumeChanges_NeverSeesAChange([Range(1, 10)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededSequence((ulong)seed);
        for (var i = 0; i < 10; i++)
        {
            _volume.CreateFile($"f{i}", random.Below(60_000));
        }

        _vss.AddVolume(_volume, 60 * Block);
        var kept = new List<(VssSnapshot Snapshot, Dictionary<string, byte[]> Content)>();
        for (var step = 0; step < 300; step++)
        {
            if (random.Permille(30))
            {
                var snapshot = (await _vss.CreateAsync(_volume)).Snapshots[0];
                kept.Add((snapshot, Content(snapshot.View)));
            }

            Change(random, step);
            RequireSomeFileIsAsItWas(random, kept);
            Assert.That(_vss.DiffAreaUsedBytes(_volume), Is.LessThanOrEqualTo(60 * Block));
        }

        foreach (var (snapshot, content) in kept.Where(pair => pair.Snapshot.IsAlive))
        {
            Assert.That(Content(snapshot.View), Is.EqualTo(content));
        }

        Assert.That(kept.Count(pair => !pair.Snapshot.IsAlive), Is.GreaterThan(0), "the diff area was never full");
    }

    private static void RequireSomeFileIsAsItWas(
        SeededSequence random, List<(VssSnapshot Snapshot, Dictionary<string, byte[]> Content)> kept)
    {
        foreach (var (snapshot, content) in kept.Where(pair => pair.Snapshot.IsAlive && pair.Content.Count > 0))
        {
            var path = random.Pick([.. content.Keys]);
            var bytes = new byte[content[path].Length + 1];
            Assert.That(snapshot.View.Read(path, 0, bytes), Is.EqualTo(content[path].Length), path);
            Assert.That(bytes.AsSpan(0, content[path].Length).SequenceEqual(content[path]), Is.True, path);
        }
    }

    private static Dictionary<string, byte[]> Content(VolumeSnapshot view) =>
        view.Walk().Where(entry => !entry.IsDirectory).ToDictionary(entry => entry.Path, entry =>
        {
            var bytes = new byte[entry.Streams[0].SizeBytes];
            view.Read(entry.Path, 0, bytes);
            return bytes;
        });

    private static async Task<SourceEntry> FirstFileAsync(Harness.Engine.Ports.ISnapshot snapshot)
    {
        await foreach (var item in snapshot.EnumerateAsync(default))
        {
            if (item.Entry is { Kind: EntryKind.File } entry)
            {
                return entry;
            }
        }

        throw new AssertionException("There is no file.");
    }

    private void Change(SeededSequence random, int step)
    {
        var path = random.Pick([.. _volume.List("").Select(entry => entry.Path)]);
        switch (random.Below(7))
        {
            case 0 when _volume.FileCount > 3:
                _volume.Delete(path);
                break;
            case 1:
                _volume.Rename(path, $"r{step}");
                break;
            case 2:
                _volume.CreateFile($"n{step}", random.Below(60_000));
                break;
            case 3:
                _volume.SetEndOfFile(path, random.Below(60_000));
                break;
            default:
                _volume.WriteGenerated(path, random.Below(60_000), 1 + random.Below(20_000), random.Next());
                break;
        }
    }
}
