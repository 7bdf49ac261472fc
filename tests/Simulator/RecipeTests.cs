using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Harness.Engine.Errors;
using Harness.Engine.Model;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class RecipeTests
{
    [Test]
    public void SeedPage_HasOneOfEveryFileType()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());

        StreamFlags Main(string path) => volume.Get(path).Streams[0].Flags;
        StreamFlags Named(string path) => volume.Get(path).Streams[1].Flags;
        Assert.Multiple(() =>
        {
            Assert.That(Main("supported/encrypted.bin"), Is.EqualTo(StreamFlags.Encrypted));
            Assert.That(Main("supported/compressed.log"), Is.EqualTo(StreamFlags.Compressed));
            Assert.That(Main("supported/sparse.vhd"), Is.EqualTo(StreamFlags.Sparse));
            Assert.That(Main("supported/compressed-sparse.db"), Is.EqualTo(StreamFlags.Compressed | StreamFlags.Sparse));
            Assert.That(Main("skipped/encrypted-compressed.bin"), Is.EqualTo(StreamFlags.Encrypted | StreamFlags.Compressed));
            Assert.That(Main("skipped/encrypted-sparse.bin"), Is.EqualTo(StreamFlags.Encrypted | StreamFlags.Sparse));
            Assert.That(Named("streams/compressed-stream.bin"), Is.EqualTo(StreamFlags.Compressed));
            Assert.That(Named("streams/sparse-stream.bin"), Is.EqualTo(StreamFlags.Sparse));
            Assert.That(volume.Get("skipped/linked-a.bin").LinkCount, Is.EqualTo(2));
            Assert.That(volume.Get("skipped/junction").ReparseTag, Is.EqualTo(ReparseTags.MountPoint));
            Assert.That(volume.QueryAllocatedRanges("supported/sparse.vhd"), Is.EqualTo(new[]
            {
                new ByteRange(0, 128 << 10),
                new ByteRange(8 << 20, 64 << 10),
            }));
        });
    }

    [Test]
    public void Samples_AllEditsApply_AndChangeTheVolume()
    {
        foreach (var name in RecipeSamples.Names)
        {
            var recipe = RecipeSamples.Load(name);
            var volume = RecipeBuilder.Build(recipe, new SimClock());
            foreach (var edits in recipe.Edits.Keys)
            {
                var before = volume.TakeSnapshot();
                recipe.ApplyEdits(volume, edits);

                Assert.That(before.DiffTo(volume).Changes, Is.Not.Empty, $"{name} {edits}");
            }
        }
    }

    // In another process the same text must give the same volume: this number was computed in one.
    [Test]
    public void Office_BuiltTwice_IsTheSameVolumeInEveryProcess()
    {
        var first = Fingerprint("office");
        var second = Fingerprint("office");

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first, Is.EqualTo("0B0ABAA69B54B83D"));
    }

    [Test]
    public void Office_IsBelievable()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("office"), new SimClock());

        Assert.That(volume.FileCount, Is.EqualTo(2000));
        Assert.That(volume.DirectoryCount, Is.InRange(200, 500));
        Assert.That(volume.Walk().Count(entry => entry.Name.EndsWith(".docx", StringComparison.Ordinal)), Is.InRange(300, 600));
        Assert.That(volume.UsedBytes, Is.InRange(50L << 20, 300L << 20));
    }

    [TestCase(10.0, 103)]
    [TestCase(0.01, 1)]
    [TestCase(100.0, 1024)]
    public void Overwrite_OfAPercentage_ChangesThatManyPages(double percent, int pages)
    {
        var recipe = RecipeLoader.Parse(
            $"entries: [{{path: f, size: 4MiB}}]\nedits: {{e: [{{action: overwrite, path: f, percent: {percent}}}]}}");
        var volume = RecipeBuilder.Build(recipe, new SimClock());
        var before = Bytes(volume, "f");
        recipe.ApplyEdits(volume, "e");
        var after = Bytes(volume, "f");

        var changed = Enumerable.Range(0, 1024)
            .Count(page => !before.AsSpan(page * 4096, 4096).SequenceEqual(after.AsSpan(page * 4096, 4096)));
        Assert.That(changed, Is.EqualTo(pages));
    }

    [Test]
    public void DuplicateOf_CopiesContent()
    {
        var volume = RecipeBuilder.Build(
            RecipeLoader.Parse("entries: [{path: a, size: 100KiB}, {path: b, duplicateOf: a}]"), new SimClock());

        Assert.That(Bytes(volume, "b"), Is.EqualTo(Bytes(volume, "a")));
    }

    [Test]
    public void Json_IsARecipeToo()
    {
        var recipe = RecipeLoader.Parse("""{"seed": 3, "volume": {"caseSensitive": true}, "entries": [{"path": "a/b", "size": 5}]}""");

        Assert.That(RecipeBuilder.Build(recipe, new SimClock()).Get("a/b").Streams[0].SizeBytes, Is.EqualTo(5));
    }

    [TestCase("seed: 1\nentres: []", "2:1", "no field 'entres'")]
    [TestCase("entries:\n- path: a\n  siez: 3", "3:3", "entries[0]")]
    [TestCase("entries:\n- path: a\n  size: 3XB", "3:9", "entries[0].size")]
    [TestCase("entries:\n- size: 3", "2:3", "needs the field 'path'")]
    [TestCase("entries:\n- path: a\n  attributes: [encrypted, compressed]", "3:15", "force: true")]
    [TestCase("entries:\n- path: a\n  attributes: [shiny]", "3:16", "entries[0].attributes[0]")]
    [TestCase("entries:\n- path: d/a?b", "2:9", "reserves")]
    [TestCase("entries:\n- path: d/nul.txt", "2:9", "device")]
    [TestCase("entries:\n- {path: a, size: 54400GB}", "2:19", "larger clusters")]
    [TestCase("volume: {size: 1MiB}\nentries:\n- {path: a, size: 2MiB}", "3:19", "exceed the volume")]
    [TestCase("volume: {size: 1MiB}\nentries:\n- {path: a, size: 600KiB}\n- {path: b, size: 600KiB}", "4:19", "entries[1]")]
    [TestCase("volume: {size: 54400GB}", "1:16", "volume.size")]
    [TestCase("volume: {cluster: 3KiB}", "1:19", "power of two")]
    [TestCase("entries:\n- {path: a}\n- {path: A}", "3:10", "exists already")]
    [TestCase("entries:\n- {path: a, size: 1MiB, allocated: [0..64KiB]}", "2:36", "only a sparse")]
    [TestCase("entries:\n- {path: a, size: 1KiB, attributes: [sparse], allocated: [0..64KiB]}", "2:59", "beyond the size")]
    [TestCase("entries:\n- {path: a, tag: NOPE}", "2:18", "entries[0].tag")]
    [TestCase("entries:\n- {path: a, type: hard-link}", "2:19", "'target'")]
    [TestCase("entries:\n- {path: a, type: hard-link, target: b}", "2:38", "no such file")]
    [TestCase("trees:\n- {files: many}", "2:11", "whole number")]
    [TestCase("edits:\n  e:\n  - {action: overwrite, path: a}", "3:14", "'percent'")]
    [TestCase("edits:\n  e:\n  - {action: explode, path: a}", "3:14", "edits.e[0].action")]
    [TestCase("a: [", "2:1", "not valid YAML")]
    [TestCase("- 1", "1:1", "recipe is expected")]
    public void BadRecipe_IsRefusedWithPlaceAndField(string text, string place, string problem)
    {
        var error = Assert.Throws<BackupException>(
            () => RecipeBuilder.Build(RecipeLoader.Parse(text, "bad.yaml"), new SimClock()));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.StartWith($"bad.yaml:{place}").And.Contain(problem));
    }

    [TestCase("0", ExpectedResult = 0L)]
    [TestCase("4KiB", ExpectedResult = 4096L)]
    [TestCase("1.5 MiB", ExpectedResult = 1572864L)]
    [TestCase("54400GB", ExpectedResult = 54400L << 30)]
    [TestCase("7B", ExpectedResult = 7L)]
    [TestCase("", ExpectedResult = -1L)]
    [TestCase("1.5", ExpectedResult = -1L)]
    [TestCase("-1KiB", ExpectedResult = -1L)]
    [TestCase("9999999TiB", ExpectedResult = -1L)]
    [TestCase("5iB", ExpectedResult = -1L)]
    [TestCase("5ZB", ExpectedResult = -1L)]
    public long SizeText_ReadsBinaryUnits(string text) => SizeText.TryParse(text, out var bytes) ? bytes : -1;

    [Test]
    public void Schema_HasTheFieldsThatTheReaderTakes()
    {
        var schema = JsonNode.Parse(RecipeSchema.Export())!;
        var entry = schema["properties"]!["entries"]!["items"]!.AsObject();

        Assert.That(entry["additionalProperties"]!.GetValue<bool>(), Is.False);
        Assert.That(entry["required"]!.AsArray().Single()!.GetValue<string>(), Is.EqualTo("path"));
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            Assert.That(property!["description"]!.GetValue<string>(), Is.Not.Empty, name);
            var error = Assert.Throws<BackupException>(() => RecipeLoader.Parse($"{name}x: 1"));
            Assert.That(error!.Message, Does.Contain(name));
        }
    }

    [Test]
    public void Picture_ShowsTreeAndTotals()
    {
        var picture = VolumePicture.Of(RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock()));
        var text = string.Join('\n', picture.ToLines());

        Assert.That(picture.Totals.Sum(total => total.AllocatedBytes), Is.EqualTo(picture.UsedBytes));
        Assert.That(text, Does.Contain("sparse.vhd  16 MiB, 192 KiB allocated, sparse"));
        Assert.That(text, Does.Contain("junction/  reparse point MOUNT_POINT"));
        Assert.That(text, Does.Contain("encrypted compressed file"));
        Assert.That(VolumePicture.Of(RecipeBuilder.Build(RecipeSamples.Load("office"), new SimClock()), 10).Tree,
            Has.Count.EqualTo(10));
    }

    [TestCase("readOnly: true")]
    [TestCase("offline: true")]
    [TestCase("locked: true")]
    public void Volume_WithAState_IsFilledFirst(string state)
    {
        var volume = RecipeBuilder.Build(
            RecipeLoader.Parse($"volume: {{{state}}}\nentries: [{{path: a, size: 9KiB}}]"), new SimClock());

        Assert.That(volume.Get("a").Streams[0].SizeBytes, Is.EqualTo(9 << 10));
        Assert.That(() => volume.Delete("a"), Throws.InstanceOf<BackupException>());
    }

    private static byte[] Bytes(SimVolume volume, string path)
    {
        var bytes = new byte[volume.Get(path).Streams[0].SizeBytes];
        volume.Read(path, 0, bytes);
        return bytes;
    }

    private static string Fingerprint(string sample)
    {
        var recipe = RecipeSamples.Load(sample);
        var volume = RecipeBuilder.Build(recipe, new SimClock());
        foreach (var edits in recipe.Edits.Keys)
        {
            recipe.ApplyEdits(volume, edits);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var head = new byte[64];
        foreach (var entry in volume.Walk())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Path}|{entry.Attributes}|{entry.Reference}|{entry.Times}\n"));
            foreach (var stream in entry.Streams)
            {
                var read = volume.Read(entry.Path, stream.SizeBytes / 2, head);
                hash.AppendData(Encoding.UTF8.GetBytes($"{stream}\n"));
                hash.AppendData(head.AsSpan(0, read));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
