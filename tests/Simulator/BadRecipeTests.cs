using System.Globalization;
using System.Text;
using Harness.Engine.Errors;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>
/// Recipes that contradict themselves, the volume or Windows: each is refused with its place, its field and the rule.
/// </summary>
[TestFixture]
public sealed class BadRecipeTests
{
    [TestCaseSource(nameof(BadRecipes))]
    public void Recipe_ThatCannotBe_IsRefusedWithPlaceFieldAndRule(string text, string place, string field, string rule)
    {
        var error = Assert.Throws<BackupException>(() => BuildAndEdit(text));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.StartWith($"bad.yaml:{place}: {field}: ").And.Contain(rule));
        Assert.That(error.Remedy, Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public void Recipe_OfAliasesOfAliases_IsRefusedBeforeItGrows()
    {
        var text = new StringBuilder("entries:\n- {path: a, streams: &l0 [{name: s}]}\n");
        for (var level = 1; level < 12; level++)
        {
            var aliases = string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10));
            text.Append(CultureInfo.InvariantCulture, $"- {{path: a{level}, streams: &l{level} [{aliases}]}}\n");
        }

        var error = Assert.Throws<BackupException>(() => RecipeLoader.Parse(text.ToString(), "bad.yaml"));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.StartWith("bad.yaml:9:").And.Contains("entries[7].streams").And.Contains("10000000 values"));
    }

    [TestCase('[', 33)]
    [TestCase('[', 1_000_000)]
    public void Recipe_ThatNestsDeep_IsRefusedBeforeTheStackEnds(char bracket, int depth)
    {
        var error = Assert.Throws<BackupException>(() => RecipeLoader.Parse("entries: " + new string(bracket, depth), "bad.yaml"));

        Assert.That(error!.Message, Does.StartWith("bad.yaml:1:41: entries[0]").And.Contains("deeper than 32"));
    }

    [Test]
    public void Recipe_WithAValueThatIsTooLong_IsRefused()
    {
        var text = $"entries: [{{path: a, text: {new string('x', RecipeYaml.MaxScalar + 1)}}}]";

        var error = Assert.Throws<BackupException>(() => RecipeLoader.Parse(text, "bad.yaml"));

        Assert.That(error!.Message, Does.StartWith("bad.yaml:1:27: entries[0].text: ").And.Contains("16777216 are the most"));
        Assert.That(error.Message, Has.Length.LessThan(300));
    }

    [TestCase("\uFEFFentries:\r\n- {path: a}\r\n- {path: a}\r\n", "3:10")]
    [TestCase("entries:\r- {path: a}\r- {path: a}\r", "3:10")]
    public void Recipe_WithAMarkOrOtherLineEnds_CountsLinesLikeAnEditor(string text, string place)
    {
        var error = Assert.Throws<BackupException>(() => BuildAndEdit(text));

        Assert.That(error!.Message, Does.StartWith($"bad.yaml:{place}: entries[1].path"));
    }

    [Test]
    public void RecipeFile_ThatIsNotUtf8_IsRefused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "entries: [{path: a"u8, 0xff, .. "}]"u8]);

            var error = Assert.Throws<BackupException>(() => RecipeLoader.Load(path));

            Assert.That(error!.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
            Assert.That(error.Message, Does.Contain("not UTF-8"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Recipe_WithSharedValues_TakesThem()
    {
        var recipe = RecipeLoader.Parse("entries: [{path: a, streams: &s [{name: x, size: 5}]}, {path: b, streams: *s}]");

        Assert.That(RecipeBuilder.Build(recipe, new SimClock()).Get("b").Streams[1].SizeBytes, Is.EqualTo(5));
    }

    private static IEnumerable<TestCaseData> BadRecipes()
    {
        var number = 0;
        foreach (var (text, place, field, rule) in Table())
        {
            yield return new TestCaseData(text, place, field, rule)
                .SetName($"{{m}}({(++number).ToString("000", CultureInfo.InvariantCulture)} {rule})");
        }
    }

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Table() =>
    [
        .. Documents(), .. Values(), .. Names(), .. States(), .. Links(), .. Reparse(), .. Sizes(), .. Edits(),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Documents() =>
    [
        ("", "1:1", "recipe", "is empty"),
        ("\n# only a comment\n", "1:1", "recipe", "is empty"),
        ("---\nseed: 1\n---\nseed: 2\n", "1:1", "recipe", "one document"),
        ("null", "1:1", "recipe", "is empty"),
        ("seed: 1\nseed: 2", "2:1", "recipe", "there twice"),
        ("entries:\n- path: a\n  path: b", "3:3", "entries[0]", "there twice"),
        ("volume: &v\n  label: *v", "2:10", "volume.label", "without end"),
        ("entries: *nowhere", "1:10", "entries", "stands for nothing"),
        ("entries:\n- {path: a, size: [}", "2:20", "entries[0].size[0]", "not valid YAML"),
        ("seed: 1\nversion: 2", "2:1", "recipe", "no field 'version'"),
        ("sead: 1", "1:1", "recipe", "did you mean 'seed'"),
        ("entries:\n- path: a\n  atributes: [sparse]", "3:3", "entries[0]", "did you mean 'attributes'"),
        ("{entries: [{path: a}], ? [x] : 1}", "1:26", "recipe", "field"),
        ("seed: [1]", "1:7", "seed", "whole number"),
        ("entries: {path: a}", "1:10", "entries", "a list is expected"),
        ("entries: [a]", "1:11", "entries[0]", "an entry is expected"),
        ("edits: [a]", "1:8", "edits", "names with lists"),
        ("volume: none", "1:9", "volume", "a volume is expected"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Values() =>
    [
        ("seed: -1", "1:7", "seed", "whole number from 0"),
        ("seed: 9223372036854775808", "1:7", "seed", "whole number"),
        ("entries:\n- {path: a, size: -1}", "2:19", "entries[0].size", "negative"),
        ("entries:\n- {path: a, size: -4KiB}", "2:19", "entries[0].size", "negative"),
        ("entries:\n- {path: a, size: 1.5}", "2:19", "entries[0].size", "a size such as"),
        ("entries:\n- {path: a, size: 99999999PiB}", "2:19", "entries[0].size", "a size such as"),
        ("entries:\n- {path: a, size: }", "2:19", "entries[0].size", "a size such as"),
        ("entries:\n- {path: a, compressesTo: 1.5}", "2:27", "entries[0].compressesTo", "from 0 to 1"),
        ("entries:\n- {path: a, compressesTo: NaN}", "2:27", "entries[0].compressesTo", "from 0 to 1"),
        ("entries:\n- {path: a, force: yes}", "2:20", "entries[0].force", "true or false"),
        ("entries:\n- {path: a, type: folder}", "2:19", "entries[0].type", "one of file, directory"),
        ("entries:\n- {path: a, links: 0}", "2:20", "entries[0].links", "from 1 to"),
        ("entries:\n- {path: a, links: 70000}", "2:20", "entries[0].links", "from 1 to 65535"),
        ("entries:\n- {path: a, created: yesterday}", "2:22", "entries[0].created", "no time"),
        ("entries:\n- {path: a, security: secret}", "2:23", "entries[0].security", "access control is"),
        ("entries:\n- {path: a, security: 'windows:AAAA'}", "2:23", "entries[0].security", "20 to"),
        ("entries:\n- {path: a, bits: 7}", "2:19", "entries[0].bits", "0x"),
        ("trees:\n- {files: 1000000000000}", "2:11", "trees[0].files", "whole number"),
        ("trees:\n- {files: 1, sizes: {min: 2KiB, max: 1KiB}}", "2:27", "trees[0].sizes.min", "above the largest"),
        ("trees:\n- {files: 1, sizes: {distribution: list}}", "2:21", "trees[0].sizes.values", "at least one"),
        ("volume: {cluster: 4MiB}", "1:19", "volume.cluster", "power of two"),
        ("volume: {size: 0}", "1:16", "volume.size", "capacity"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Names() =>
    [
        ("entries:\n- {path: a}\n- {path: A}", "3:10", "entries[1].path", "exists already"),
        ("entries:\n- {path: a/b}\n- {path: A, size: 1}", "3:10", "entries[1].path", "exists already"),
        ("entries:\n- {path: a}\n- {path: a/b}", "3:10", "entries[1].path", "in the way of the directory"),
        ("entries:\n- {path: con}", "2:10", "entries[0].path", "reserved for a Windows device"),
        ("entries:\n- {path: 'a. '}", "2:10", "entries[0].path", "dot or a space"),
        ("entries:\n- {path: 'a|b'}", "2:10", "entries[0].path", "which Windows reserves"),
        ("entries:\n- {path: 'a\\b'}", "2:10", "entries[0].path", "'\\'"),
        ("entries:\n- {path: 'C:/a'}", "2:10", "entries[0].path", "':'"),
        ("entries:\n- {path: '/a'}", "2:10", "entries[0].path", "empty"),
        ("entries:\n- {path: 'a/'}", "2:10", "entries[0].path", "empty"),
        ("entries:\n- {path: 'a/../b'}", "2:10", "entries[0].path", "'..'"),
        ("entries:\n- {path: ''}", "2:10", "entries[0].path", "empty"),
        ($"entries:\n- {{path: {new string('x', 256)}}}", "2:10", "entries[0].path", "255"),
        ("entries:\n- {path: a, streams: [{name: 'b:c'}]}", "2:30", "entries[0].streams[0].name", "':'"),
        ("entries:\n- {path: a, streams: [{name: ''}]}", "2:30", "entries[0].streams[0].name", "1 to 255"),
        ("entries:\n- {path: a, streams: [{name: s}, {name: S}]}", "2:41", "entries[0].streams[1].name", "same name"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, streams: [{name: s}]}", "3:22", "entries[0].streams", "FAT32 has no"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> States() =>
    [
        ("entries:\n- {path: a, attributes: [encrypted, compressed]}", "2:25", "entries[0].attributes", "force: true"),
        ("volume: {cluster: 64KiB}\nentries:\n- {path: a, attributes: [compressed]}", "3:25", "entries[0].attributes", "clusters of 65536"),
        ("entries:\n- {path: a, streams: [{name: s, attributes: [encrypted, compressed]}]}", "2:45", "entries[0].streams[0].attributes", "force: true"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, attributes: [sparse]}", "3:25", "entries[0].attributes", "FAT32 has no"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, attributes: [compressed]}", "3:25", "entries[0].attributes", "FAT32 has no"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, attributes: [encrypted]}", "3:25", "entries[0].attributes", "FAT32 has no"),
        ("volume: {fileSystem: refs}\nentries:\n- {path: a, attributes: [compressed]}", "3:25", "entries[0].attributes", "ReFS has no"),
        ("volume: {fileSystem: refs}\nentries:\n- {path: a, attributes: [encrypted]}", "3:25", "entries[0].attributes", "ReFS has no"),
        ("entries:\n- {path: d, type: directory, attributes: [sparse]}", "2:42", "entries[0].attributes", "a directory cannot be sparse"),
        ("entries:\n- {path: d, type: directory, size: 4KiB}", "2:19", "entries[0].type", "only a file has data"),
        ("entries:\n- {path: a, attributes: [normal, hidden]}", "2:25", "entries[0].attributes", "stands alone"),
        ("entries:\n- {path: a, attributes: [sparse, sparse]}", "2:34", "entries[0].attributes[1]", "twice"),
        ("trees:\n- {files: 1, attributes: [encrypted, compressed]}", "2:26", "trees[0].attributes", "force: true"),
        ("volume: {fileSystem: fat}\ntrees:\n- {files: 1, attributes: [compressed]}", "3:26", "trees[0].attributes", "FAT32 has no"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Links() =>
    [
        ("entries:\n- {path: a, type: hard-link}", "2:19", "entries[0].type", "'target'"),
        ("entries:\n- {path: a, type: hard-link, target: b}", "2:38", "entries[0].target", "no such file"),
        ("entries:\n- {path: d, type: directory}\n- {path: a, type: hard-link, target: d}", "3:38", "entries[1].target", "directories"),
        ("entries:\n- {path: a, type: hard-link, target: a}", "2:38", "entries[0].target", "no such file"),
        ("entries:\n- {path: b}\n- {path: a, type: hard-link, target: b, size: 3}", "3:19", "entries[1].type", "only a file has data"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: b}\n- {path: a, type: hard-link, target: b}", "4:19", "entries[1].type", "FAT32 has no"),
        ("entries:\n- {path: a, target: b}", "2:21", "entries[0].target", "only a hard link or a reparse point"),
        ("entries:\n- {path: a, duplicateOf: b}", "2:26", "entries[0].duplicateOf", "no such file"),
        ("entries:\n- {path: d, type: directory}\n- {path: a, duplicateOf: d}", "3:26", "entries[1].duplicateOf", "no such file"),
        ("entries:\n- {path: b, size: 1}\n- {path: a, duplicateOf: b, size: 3}", "3:26", "entries[1].duplicateOf", "size"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Reparse() =>
    [
        ("entries:\n- {path: a, tag: NOPE}", "2:18", "entries[0].tag", "a tag is 0x"),
        ("entries:\n- {path: a, tag: '0x0'}", "2:18", "entries[0].tag", "a tag is 0x"),
        ("entries:\n- {path: a, type: reparse-point}", "2:19", "entries[0].type", "'tag'"),
        ("entries:\n- {path: a, type: file, tag: DEDUP}", "2:30", "entries[0].tag", "only a reparse point"),
        ($"entries:\n- {{path: a, tag: DEDUP, reparseData: {Convert.ToBase64String(new byte[16377])}}}", "2:38", "entries[0].reparseData", "16376"),
        ("entries:\n- {path: a, tag: DEDUP, reparseData: '?'}", "2:38", "entries[0].reparseData", "not Base64"),
        ("entries:\n- {path: a, tag: DEDUP, target: x, reparseData: AAAA}", "2:49", "entries[0].reparseData", "one of them"),
        ($"entries:\n- {{path: a, tag: SYMLINK, target: {new string('x', 9000)}}}", "2:35", "entries[0].target", "16"),
        ("entries:\n- {path: a, tag: MOUNT_POINT, target: x, size: 3}", "2:48", "entries[0].size", "has no data"),
        ("entries:\n- {path: a, objectId: 1-2}", "2:23", "entries[0].objectId", "GUID"),
        ("entries:\n- {path: a, shortName: A}", "2:24", "entries[0].shortName", "shortNames: true"),
        ("volume: {shortNames: true}\nentries:\n- {path: a, shortName: toolongname.x}", "3:24", "entries[0].shortName", "no 8.3 name"),
        ("volume: {fileSystem: fat, shortNames: true}", "1:39", "volume.shortNames", "FAT32 has no short names"),
        ("volume: {quota: {owners: [{sid: S-1-1}, {sid: S-1-1}]}}", "1:47", "volume.quota.owners[1].sid", "there twice"),
        ("volume: {quota: {owners: [{sid: me}]}}", "1:33", "volume.quota.owners[0].sid", "no SID"),
        ("entries:\n- {path: a, size: 4KiB, validData: 8KiB}", "2:36", "entries[0].validData", "at most the size"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, objectId: 00112233-4455-6677-8899-aabbccddeeff}", "3:23", "entries[0].objectId", "FAT32 has no object ids"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, tag: DEDUP}", "3:18", "entries[0].tag", "FAT32 has no"),
        ("entries:\n- {path: a, tag: MOUNT_POINT, target: x}\n- {path: a/b}", "3:10", "entries[1].path", "reparse point"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Sizes() =>
    [
        ("entries:\n- {path: a, size: 54400GB}", "2:19", "entries[0].size", "larger clusters"),
        ("volume: {size: 1MiB}\nentries:\n- {path: a, size: 2MiB}", "3:19", "entries[0].size", "exceed the volume"),
        ("volume: {size: 1MiB}\nentries:\n- {path: a, size: 600KiB}\n- {path: b, size: 600KiB}", "4:19", "entries[1].size", "434176 free"),
        ("volume: {size: 1MiB}\ntrees:\n- {files: 2000, sizes: {distribution: fixed, median: 4KiB}}", "3:11", "trees[0].files", "0 free"),
        ("volume: {fileSystem: fat}\nentries:\n- {path: a, size: 4GiB}", "3:19", "entries[0].size", "4294967295"),
        ("volume: {size: 54400GB}", "1:16", "volume.size", "cluster"),
        ("entries:\n- {path: a, size: 1MiB, allocated: [0..64KiB]}", "2:36", "entries[0].allocated", "only a sparse"),
        ("entries:\n- {path: a, size: 1KiB, attributes: [sparse], allocated: [0..64KiB]}", "2:59", "entries[0].allocated[0]", "beyond the size"),
        ("entries:\n- {path: a, size: 1MiB, attributes: [sparse], allocated: [0..64KiB, 32KiB+64KiB]}", "2:69", "entries[0].allocated[1]", "ascend"),
        ("entries:\n- {path: a, size: 1MiB, attributes: [sparse], allocated: [64KiB..0]}", "2:59", "entries[0].allocated[0]", "a range such as"),
        ("entries:\n- {path: a, text: abc, size: 4}", "2:30", "entries[0].size", "3 bytes, not 4"),
        ("entries:\n- {path: a, text: abc, content: zeros}", "2:33", "entries[0].content", "'content: literal'"),
        ("entries:\n- {path: a, content: text, duplicates: 0.5}", "2:22", "entries[0].content", "go with"),
    ];

    private static IEnumerable<(string Text, string Place, string Field, string Rule)> Edits() =>
    [
        (Edit("{action: explode, path: a}"), "4:14", "edits.e[0].action", "one of write"),
        (Edit("{action: append, path: a}"), "4:14", "edits.e[0].action", "'size'"),
        (Edit("{action: append, path: b, size: 1}"), "4:28", "edits.e[0].path", "no such file"),
        (Edit("{action: delete, path: a}\n  - {action: delete, path: a}"), "5:28", "edits.e[1].path", "no such file"),
        (Edit("{action: create, path: A}"), "4:28", "edits.e[0].path", "exists already"),
        (Edit("{action: create, path: a/b}"), "4:28", "edits.e[0].path", "in the way"),
        (Edit("{action: rename, path: a, to: 'b?'}"), "4:35", "edits.e[0].to", "reserves"),
        (Edit("{action: rename, path: a, to: d}"), "4:28", "edits.e[0].path", "exists already"),
        (Edit("{action: write, path: 'a:s:t', size: 1}"), "4:27", "edits.e[0].path", "stream name"),
        (Edit("{action: write, path: d, size: 1}"), "4:27", "edits.e[0].path", "no such file"),
        (Edit("{action: append, path: d, pick: 9, size: 1}"), "4:37", "edits.e[0].pick", "there are 0"),
        (Edit("{action: create, path: b, pick: 2, size: 1}"), "4:37", "edits.e[0].pick", "cannot pick"),
        (Edit("{action: write, path: a, offset: 8EiB, size: 1}"), "4:38", "edits.e[0].offset", "a size such as"),
        (Edit("{action: write, path: a, offset: 16TiB, size: 1}"), "4:38", "edits.e[0].offset", "largest file"),
        (Edit("{action: touch, path: a, size: 4}"), "4:36", "edits.e[0].size", "'touch' has no"),
        (Edit("{action: truncate, path: a, size: 17TiB}"), "4:39", "edits.e[0].size", "largest file"),
        (Edit("{action: insert, path: a, offset: 1, size: 5KiB, text: x}"), "4:60", "edits.e[0].text", "'insert' has no"),
    ];

    private static string Edit(string edits) => $"entries: [{{path: a, size: 8KiB}}, {{path: d, type: directory}}]\nedits:\n  e:\n  - {edits}";

    private static void BuildAndEdit(string text)
    {
        var recipe = RecipeLoader.Parse(text, "bad.yaml");
        var volume = RecipeBuilder.Build(recipe, new SimClock());
        foreach (var edits in recipe.Edits.Keys)
        {
            recipe.ApplyEdits(volume, edits);
        }
    }
}
