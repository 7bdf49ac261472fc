using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;
using NUnit.Framework;
using RangeAttribute = NUnit.Framework.RangeAttribute;

namespace Harness.Tests.Simulator;

/// <summary>Random operations on the volume and on the simplest model of it; snapshots on the way must never change.</summary>
[TestFixture]
public sealed class VolumePropertyTests
{
    [Test]
    public void Volume_UnderRandomEdits_EqualsTheModelAndSnapshotsStandStill([Range(1, 12)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededSequence((ulong)seed);
        var volume = new SimVolume(new VolumeSettings { Seed = (ulong)seed }, new SimClock());
        var model = new NaiveVolume();
        var kept = new List<(VolumeSnapshot Snapshot, NaiveVolume Model)>();

        for (var step = 0; step < 400; step++)
        {
            Act(random, volume, model);
            if (random.Permille(25))
            {
                kept.Add((volume.TakeSnapshot(), model.Copy()));
            }
        }

        kept.Add((volume.TakeSnapshot(), model));
        foreach (var (snapshot, expected) in kept)
        {
            RequireEqual(snapshot, expected);
            RequireAccounts(snapshot);
        }
    }

    [Test]
    public void Diff_BetweenSnapshots_NamesExactlyTheFilesThatDiffer([Range(1, 6)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new SeededSequence((ulong)seed);
        var volume = new SimVolume(new VolumeSettings { Seed = (ulong)seed }, new SimClock());
        var model = new NaiveVolume();
        for (var step = 0; step < 300; step++)
        {
            Act(random, volume, model);
        }

        var before = volume.TakeSnapshot();
        for (var step = 0; step < 30; step++)
        {
            Act(random, volume, model);
        }

        var after = volume.TakeSnapshot();
        var said = before.DiffTo(after).Changes.Select(change => (change.Reference, change.Kind)).ToHashSet();

        Assert.That(said, Is.EquivalentTo(Expected(before, after)));
        RequireRangesCover(before, after);
    }

    /// <summary>Outside the ranges nothing differs; a file without ranges and of equal size is equal.</summary>
    private static void RequireRangesCover(VolumeSnapshot before, VolumeSnapshot after)
    {
        foreach (var change in before.DiffTo(after).Changes.Where(change => change.Kind == VolumeChangeKind.Changed))
        {
            if (after.Stream(change.Reference, "") is not { } now)
            {
                continue;
            }

            var was = before.Stream(change.Reference, "")!;
            var bytes = Bytes(before, was);
            Array.Resize(ref bytes, (int)now.Size);
            var expected = Bytes(after, now);
            var ranges = change.Streams.SelectMany(stream => stream.Ranges).ToList();
            foreach (var range in ranges)
            {
                expected.AsSpan((int)range.Offset, (int)range.Length).CopyTo(bytes.AsSpan((int)range.Offset));
            }

            Assert.That(bytes.AsSpan().SequenceEqual(expected), Is.True, $"{change}");
            Assert.That(ranges.Zip(ranges.Skip(1)).All(pair => pair.First.End <= pair.Second.Offset), Is.True, $"{change}");
            Assert.That(now.Size <= was.Size || ranges[^1].End == now.Size, Is.True, $"{change}");
        }
    }

    private static byte[] Bytes(VolumeView view, StreamState state)
    {
        var bytes = new byte[state.Size];
        view.Read(state, 0, bytes);
        return bytes;
    }

    private static HashSet<(FileReference Reference, VolumeChangeKind Kind)> Expected(VolumeView before, VolumeView after)
    {
        var old = before.Walk().ToDictionary(entry => entry.Reference);
        var now = after.Walk().ToDictionary(entry => entry.Reference);
        var changes = old.Keys.Except(now.Keys).Select(file => (file, VolumeChangeKind.Deleted)).ToHashSet();
        changes.UnionWith(now.Keys.Except(old.Keys).Select(file => (file, VolumeChangeKind.Created)));
        changes.UnionWith(now.Keys.Intersect(old.Keys)
            .Where(file => old[file].Times != now[file].Times)
            .Select(file => (file, VolumeChangeKind.Changed)));
        return changes;
    }

    private static void Act(SeededSequence random, SimVolume volume, NaiveVolume model)
    {
        var path = model.Files.Count == 0 ? "" : random.Pick(model.Files);
        var action = path.Length == 0 ? random.Below(2) : random.Below(12);
        switch (action)
        {
            case 0:
                Create(random, volume, model, NewPath(random, model));
                break;
            case 1:
                var directory = NewPath(random, model);
                if (!model.Contains(directory))
                {
                    volume.CreateDirectory(directory);
                    model.Put(directory, null);
                }

                break;
            case 2:
                var target = NewPath(random, model);
                if (!model.Contains(target))
                {
                    volume.Rename(path, target);
                    model.Rename(path, target);
                }

                break;
            case 3:
                var victim = random.Pick(model.Directories);
                victim = victim.Length > 0 && model.IsEmpty(victim) ? victim : path;
                volume.Delete(victim);
                model.Delete(victim);
                break;
            case 4:
                volume.SetSparse(path, random.Permille(700));
                break;
            case 5:
                volume.SetCompression(path, random.Permille(700));
                break;
            default:
                Edit(random, volume, model, path, action);
                break;
        }
    }

    private static void Create(SeededSequence random, SimVolume volume, NaiveVolume model, string path)
    {
        if (model.Contains(path))
        {
            return;
        }

        var profile = random.Permille(500) ? ContentProfile.Random : new ContentProfile(ContentKind.Bytes, 300, 500);
        var seed = random.Next();
        var bytes = new byte[random.Below(200_000)];
        ContentGenerator.Fill(profile, seed, 0, bytes);
        volume.CreateFile(path, bytes.Length, profile, seed);
        model.Put(path, bytes);
    }

    private static void Edit(SeededSequence random, SimVolume volume, NaiveVolume model, string path, int action)
    {
        var size = model.Entries[path]!.Length;
        var offset = random.Below(size + 100_000);
        var bytes = new byte[1 + random.Below(70_000)];
        var seed = random.Next();
        ContentGenerator.Fill(ContentProfile.Random, seed, offset, bytes);
        switch (action)
        {
            case 6:
                volume.Write(path, offset, bytes);
                model.Write(path, offset, bytes);
                break;
            case 7:
                volume.WriteGenerated(path, offset, bytes.Length, seed);
                model.Write(path, offset, bytes);
                break;
            case 8:
                volume.SetEndOfFile(path, offset);
                model.Resize(path, offset);
                break;
            case 9:
                volume.ZeroRange(path, offset, bytes.Length);
                model.Zero(path, offset, bytes.Length);
                break;
            case 10:
                volume.Append(path, bytes);
                model.Write(path, size, bytes);
                break;
            default:
                offset = random.Below(size + 1);
                ContentGenerator.Fill(ContentProfile.Random, seed, 0, bytes);
                volume.InsertGenerated(path, offset, bytes.Length, seed);
                model.Insert(path, offset, bytes);
                break;
        }
    }

    private static string NewPath(SeededSequence random, NaiveVolume model)
    {
        var directory = random.Pick(model.Directories);
        var name = random.Pick(["a", "B", "Ärger", "plan.txt", "PLAN.TXT", "Z", "_x", "日本", "😀"]) + random.Below(40);
        return directory.Length == 0 ? name : $"{directory}/{name}";
    }

    private static void RequireEqual(VolumeView view, NaiveVolume expected)
    {
        var entries = view.Walk().Skip(1).ToDictionary(entry => entry.Path);
        Assert.That(entries.Keys, Is.EquivalentTo(expected.Entries.Keys));
        foreach (var (path, content) in expected.Entries)
        {
            Assert.That(entries[path].IsDirectory, Is.EqualTo(content is null), path);
            if (content is null)
            {
                continue;
            }

            var bytes = new byte[content.Length + 1];
            Assert.That(view.Read(path, 0, bytes), Is.EqualTo(content.Length), path);
            Assert.That(bytes.AsSpan(0, content.Length).SequenceEqual(content), Is.True, path);
        }
    }

    /// <summary>Sizes kept step by step equal those computed afresh, and used space is their sum.</summary>
    private static void RequireAccounts(VolumeSnapshot snapshot)
    {
        long used = 0;
        foreach (var entry in snapshot.Walk().Where(entry => !entry.IsDirectory))
        {
            var state = snapshot.Stream(entry.Path);
            used += state.AllocatedBytes;
            Assert.That(
                state.AllocatedBytes,
                Is.EqualTo(snapshot.Tables.Allocation.Allocated(state.Size, state.Flags, state.Extents)),
                entry.Path);
            Assert.That(state.Extents.End, Is.EqualTo(state.Size), entry.Path);
        }

        Assert.That(snapshot.UsedBytes, Is.EqualTo(used));
    }
}
