using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Simulator.Compare;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Restore;
using Harness.Simulator.Scratch;
using Harness.Simulator.Snapshots;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>The engine's ports over a simulated volume, driven by a copy loop in place of an engine.</summary>
[TestFixture]
public sealed class SimPortsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SimClock _clock = null!;
    private SimVolume _volume = null!;

    [SetUp]
    public void BuildVolume()
    {
        _clock = new SimClock();
        _volume = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), _clock);
    }

    [Test]
    public async Task Snapshot_ListsEveryEntryWithItsTraits()
    {
        var entries = (await ListAsync(new SimDataSource(_volume))).ToDictionary(item => item.Entry!.Path, item => item.Entry!);

        Assert.That(entries.Keys, Is.EqualTo(_volume.Walk().Select(entry => entry.Path)));
        Assert.Multiple(() =>
        {
            Assert.That(entries["skipped/linked-a.bin"].Traits, Is.EqualTo(EntryTraits.HardLink));
            Assert.That(entries["skipped/linked-b.bin"].FileReference, Is.EqualTo(entries["skipped/linked-a.bin"].FileReference));
            Assert.That(entries["skipped/junction"].Traits, Is.EqualTo(EntryTraits.Directory | EntryTraits.ReparsePoint));
            Assert.That(entries["skipped/symlink.txt"].ReparseTag, Is.EqualTo(0xA000000C));
            Assert.That(entries["supported/compressed-sparse.db"].Traits, Is.EqualTo(EntryTraits.Compressed | EntryTraits.Sparse));
            Assert.That(
                entries["streams/sparse-stream.bin"].Streams[1].Traits, Is.EqualTo(EntryTraits.NamedStream | EntryTraits.Sparse));
            Assert.That(entries["supported/encrypted.bin"].Streams[0].RawSizeBytes, Is.EqualTo((200 << 10) + 2));
            Assert.That(entries["supported/encrypted.bin"].EncryptionInfo.Length, Is.GreaterThan(0));
            Assert.That(entries[""].ParentReference, Is.EqualTo(entries[""].FileReference));
        });
    }

    [Test]
    public async Task RawStream_AfterAByteChanged_DiffersInOneSector()
    {
        var before = await ReadAllAsync(new SimDataSource(_volume), "supported/encrypted.bin");
        _volume.Write("supported/encrypted.bin", 100_000, [1]);
        _volume.Write("supported/encrypted.bin", 100_000, [2]);
        var after = await ReadAllAsync(new SimDataSource(_volume), "supported/encrypted.bin");

        var sectors = Enumerable.Range(0, before.Length / 512)
            .Where(i => !before.AsSpan(i * 512, 512).SequenceEqual(after.AsSpan(i * 512, 512)));
        Assert.That(sectors, Is.EqualTo(new[] { 100_000 / 512 }));
        Assert.That(after[..512], Is.Not.EqualTo(Plain("supported/encrypted.bin", 512)));
    }

    [Test]
    public async Task Copy_ThroughThePorts_RestoresEverythingExactly()
    {
        var target = new SimVolume(new VolumeSettings { Label = "target" }, new SimClock(_clock.GetUtcNow().AddDays(3)));
        var source = _volume.TakeSnapshot();
        await CopyAsync(new SimDataSource(_volume), new SimRestoreTarget(target));

        Assert.That(
            VolumeComparer.Compare(source, target.TakeSnapshot(), new VolumeComparison { LeftOut = Unprotectable }),
            Is.Empty);
    }

    [Test]
    public async Task Copy_WithKnownContent_KeepsItsOriginInLittleMemory()
    {
        var target = new SimVolume(new VolumeSettings(), new SimClock());
        await CopyAsync(new SimDataSource(_volume), new SimRestoreTarget(target, "restored", _volume.TakeSnapshot()));

        Assert.That(target.GetExtents("restored/ordinary/plain.bin"), Is.EqualTo(_volume.GetExtents("ordinary/plain.bin")));
        Assert.That(
            target.GetExtents("restored/supported/encrypted.bin"), Is.EqualTo(_volume.GetExtents("supported/encrypted.bin")));
        Assert.That(
            VolumeComparer.Compare(
                _volume, target, new VolumeComparison { ActualFolder = "restored", LeftOut = Unprotectable }),
            Is.Empty);
    }

    [Test]
    public async Task Restore_ThatIsAbandoned_LeavesNothing()
    {
        var target = new SimVolume(new VolumeSettings(), _clock);
        var metadata = new RestoreMetadata(EntryKind.File, EntryTraits.None, 0, default, default, default);
        await using (var writer = await new SimRestoreTarget(target).CreateFileAsync("f", metadata, None))
        {
            await writer.BeginStreamAsync("", 100, null, EntryTraits.None, None);
            await writer.WriteAsync(0, new byte[100], None);
        }

        Assert.That(target.Walk().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Restore_ThroughAReparsePoint_IsRefused()
    {
        var target = new SimRestoreTarget(_volume, "skipped");

        var error = await Assert.ThrowsAsync<BackupException>(async () => await target.CreateDirectoryAsync("junction/x", None));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TargetEscape));
    }

    [Test]
    public async Task Faults_ByPath_ShowWhereTheyWereAsked()
    {
        var faults = new SimVolumeFaults()
            .Fail("ordinary/plain.bin", SourceFault.Locked)
            .Fail("supported", SourceFault.AccessDenied, SimVolumeOperation.List)
            .Fail("ordinary/letter.txt", SourceFault.Vanished, SimVolumeOperation.List);
        var source = new SimDataSource(_volume, faults: faults);
        var items = await ListAsync(source);

        Assert.That(items.Where(item => item.Error is not null).Select(item => (item.Error!.Path, item.Error.Fault)),
            Is.EqualTo(new[] { ("ordinary/letter.txt", SourceFault.Vanished), ("supported", SourceFault.AccessDenied) }));
        Assert.That(items.Select(item => item.Entry?.Path), Has.None.StartsWith("supported/").And.Some.EqualTo("streams"));
        var error = await Assert.ThrowsAsync<SourceReadException>(() => ReadAllAsync(source, "ordinary/plain.bin"));
        Assert.That(error!.Fault, Is.EqualTo(SourceFault.Locked));
    }

    [Test]
    public async Task Source_ThatVanishesDuringTheRun_IsNoticedEverywhere()
    {
        var faults = new SimVolumeFaults();
        faults.Hook = call =>
        {
            faults.IsSourceGone |= call is { Operation: SimVolumeOperation.Read, Offset: > 0 };
            return null;
        };
        var source = new SimDataSource(_volume, faults: faults);
        var snapshot = await source.CreateSnapshotAsync(None);

        Assert.That(await snapshot.IsAliveAsync(None), Is.True);
        await Assert.ThrowsAsync<SourceReadException>(() => ReadAllAsync(source, "ordinary/plain.bin"));
        Assert.That(await snapshot.IsAliveAsync(None), Is.False);
        await Assert.ThrowsAsync<BackupException>(async () => await source.DescribeAsync(None));
    }

    [Test]
    public async Task Snapshot_ThatFails_HasACodeAndTheReason()
    {
        var source = new SimDataSource(_volume, faults: new SimVolumeFaults { SnapshotFailure = "a writer timed out" });

        var error = await Assert.ThrowsAsync<BackupException>(async () => await source.CreateSnapshotAsync(None));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.SnapshotFailed));
        Assert.That(error.Message, Does.Contain("a writer timed out"));
    }

    [Test]
    public async Task Folder_AsASource_ShowsPathsRelativeToIt()
    {
        var items = await ListAsync(new SimDataSource(_volume, "skipped"));

        Assert.That(items.Select(item => item.Entry!.Path), Does.Contain("").And.Contain("junction").And.Not.Contain("skipped"));
    }

    [Test]
    public async Task Scratch_WhenFull_RefusesAndKeepsItsPeak()
    {
        var scratch = new SimScratch(100);
        await scratch.AppendAsync("a", new byte[60], None);
        await scratch.AppendAsync("b", new byte[40], None);
        var error = await Assert.ThrowsAsync<BackupException>(async () => await scratch.AppendAsync("b", new byte[1], None));
        await scratch.RenameAsync("a", "b", None);

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.ScratchFull));
        Assert.That(scratch.PeakBytes, Is.EqualTo(100));
        Assert.That(await scratch.DescribeAsync(None), Is.EqualTo(new ScratchInfo("simulated scratch", 40, 60)));
        Assert.That(await scratch.ListAsync(None), Is.EqualTo(new[] { "b" }));
        Assert.That(await scratch.ReadAsync("b", 50, new byte[100], None), Is.EqualTo(10));
        Assert.That(await scratch.GetLengthAsync("a", None), Is.Null);
    }

    [Test]
    public async Task Clock_WhenItAdvances_FiresTimersInOrder()
    {
        var clock = new SimClock();
        var fired = new List<string>();
        var start = clock.GetUtcNow();
        await using var late = clock.CreateTimer(_ => Fire("late"), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        await using var often = clock.CreateTimer(_ => Fire("often"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        var delay = Task.Delay(TimeSpan.FromSeconds(3), clock);

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(delay.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(3));

        await delay;
        Assert.That(fired, Is.EqualTo(new[] { "often 2", "often 4", "late 5" }));
        Assert.That(clock.GetElapsedTime(0), Is.EqualTo(TimeSpan.FromSeconds(5)));

        void Fire(string name) => fired.Add($"{name} {(clock.GetUtcNow() - start).TotalSeconds}");
    }

    [Test]
    public void RandomSource_OfASeed_RepeatsItself()
    {
        var a = new byte[40];
        var b = new byte[40];
        new SeededRandomSource(5).Fill(a);
        new SeededRandomSource(5).Fill(b);

        Assert.That(a, Is.EqualTo(b));
        new SeededRandomSource(6).Fill(b);
        Assert.That(a, Is.Not.EqualTo(b));
    }

    /// <summary>What a copy cannot bring over: reparse data, link counts, and the holes of a raw stream.</summary>
    private static string[] Unprotectable =>
    [
        "skipped/linked-a.bin", "skipped/linked-b.bin", "skipped/symlink.txt", "skipped/junction",
        "skipped/deduplicated.iso", "skipped/cloud.pptx", "skipped/encrypted-sparse.bin",
    ];

    private static async Task<List<SourceItem>> ListAsync(IDataSource source)
    {
        await using var snapshot = await source.CreateSnapshotAsync(None);
        var items = new List<SourceItem>();
        await foreach (var item in snapshot.EnumerateAsync(None))
        {
            items.Add(item);
        }

        return items;
    }

    private static async Task<byte[]> ReadAllAsync(IDataSource source, string path)
    {
        await using var snapshot = await source.CreateSnapshotAsync(None);
        await foreach (var item in snapshot.EnumerateAsync(None))
        {
            if (item.Entry?.Path != path)
            {
                continue;
            }

            await using var reader = await snapshot.OpenAsync(item.Entry, item.Entry.Streams[0], None);
            var bytes = new byte[reader.LengthBytes];
            for (var at = 0; at < bytes.Length;)
            {
                at += await reader.ReadAsync(at, bytes.AsMemory(at, Math.Min(10_001, bytes.Length - at)), None);
            }

            return bytes;
        }

        throw new AssertionException($"{path} was not listed");
    }

    private static async Task CopyAsync(IDataSource source, IRestoreTarget target)
    {
        await target.PrepareAsync(None);
        await using var snapshot = await source.CreateSnapshotAsync(None);
        var directories = new Stack<(string Path, RestoreMetadata Metadata)>();
        await foreach (var item in snapshot.EnumerateAsync(None))
        {
            var entry = item.Entry!;
            if (Unprotectable.Contains(entry.Path))
            {
                continue;
            }

            var metadata = new RestoreMetadata(
                entry.Kind, entry.Traits, entry.Attributes, entry.Times, entry.Security, entry.EncryptionInfo);
            if (entry.Kind == EntryKind.Directory)
            {
                await target.CreateDirectoryAsync(entry.Path, None);
                directories.Push((entry.Path, metadata));
                continue;
            }

            await using var writer = await target.CreateFileAsync(entry.Path, metadata, None);
            foreach (var stream in entry.Streams)
            {
                await writer.BeginStreamAsync(stream.Name, stream.SizeBytes, stream.RawSizeBytes, stream.Traits, None);
                await CopyStreamAsync(snapshot, entry, stream, writer);
            }

            Assert.That(await writer.FinishAsync(None), Is.Empty);
        }

        while (directories.TryPop(out var directory))
        {
            await target.FinishDirectoryAsync(directory.Path, directory.Metadata, None);
        }
    }

    private static async Task CopyStreamAsync(
        ISnapshot snapshot, SourceEntry entry, SourceStream stream, IRestoreWriter writer)
    {
        await using var reader = await snapshot.OpenAsync(entry, stream, None);
        var block = new byte[50_000];
        foreach (var range in await reader.GetAllocatedRangesAsync(None))
        {
            for (var at = range.Offset; at < range.End;)
            {
                var read = await reader.ReadAsync(at, block.AsMemory(0, (int)Math.Min(block.Length, range.End - at)), None);
                await writer.WriteAsync(at, block.AsMemory(0, read), None);
                at += read;
            }
        }
    }

    private byte[] Plain(string path, int length)
    {
        var bytes = new byte[length];
        _volume.Read(path, 0, bytes);
        return bytes;
    }
}
