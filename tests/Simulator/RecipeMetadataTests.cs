using Harness.Engine.Errors;
using Harness.Simulator.Compare;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Short names, object ids, extended attributes, case rules and valid data in recipes, pictures and comparisons.</summary>
[TestFixture]
public sealed class RecipeMetadataTests
{
    private const string Text = """
        volume: { shortNames: true }
        entries:
          - { path: "Long Directory", type: directory, caseSensitive: true }
          - { path: "Long Directory/a" , size: 5 }
          - { path: "Long Directory/A", size: 6 }
          - path: A long file.text
            size: 100KiB
            validData: 40KiB
            shortName: MINE.TXT
            objectId: 00112233-4455-6677-8899-aabbccddeeff
            extendedAttributes:
              - { name: colour, text: red, needed: true }
          - { path: tagged, tag: "0x00000042", reparseGuid: 9f1c2a5e-0000-4000-8000-000000000001, target: x }
        edits:
          change:
            - { action: set-short-name, path: A long file.text, to: OTHER.TXT }
            - { action: delete-object-id, path: A long file.text }
            - { action: set-extended-attributes, path: A long file.text, extendedAttributes: [ { name: SHAPE, text: round } ] }
            - { action: set-valid-data, path: A long file.text, size: 80KiB }
            - { action: link, path: A long file.text, to: linked }
            - { action: encrypt, path: A long file.text }
        """;

    [Test]
    public void Recipe_MakesAndEditsTheMetadata()
    {
        var recipe = RecipeLoader.Parse(Text);
        var volume = RecipeBuilder.Build(recipe, new SimClock());
        var before = volume.TakeSnapshot();
        recipe.ApplyEdits(volume, "change");

        var was = before.Get("MINE.TXT");
        Assert.That(was.ObjectId!.ObjectId, Is.EqualTo(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));
        Assert.That(was.ExtendedAttributes, Is.EqualTo(new[] { new ExtendedAttribute("COLOUR", "red"u8.ToArray(), true) }));
        Assert.That(was.Streams[0].ValidDataBytes, Is.EqualTo(40 << 10));
        Assert.That(before.Get("Long Directory").IsCaseSensitive, Is.True);
        Assert.That(before.Get("tagged").ReparseGuid, Is.Not.Null);
        var now = volume.Get("OTHER.TXT");
        Assert.That((now.ObjectId, now.ExtendedAttributes.Count, now.LinkCount), Is.EqualTo(((ObjectIdBuffer?)null, 2, 2)));
        Assert.That(now.Streams[0].ValidDataBytes, Is.EqualTo(80 << 10));
    }

    [Test]
    public void Picture_TellsOfIt()
    {
        var volume = RecipeBuilder.Build(RecipeLoader.Parse(Text), new SimClock());

        // A long note goes on in another line.
        var lines = string.Join(' ', string.Join('\n', VolumePicture.Of(volume).ToLines()).Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.That(lines, Does.Contain("Long Directory/ case-sensitive, LONGDI~1"));
        Assert.That(lines, Does.Contain(
            "A long file.text 100 KiB, 40 KiB valid, MINE.TXT, object id 00112233-4455-6677-8899-aabbccddeeff, "
            + "extended attributes COLOUR"));
        Assert.That(lines, Does.Contain("reparse point 0x00000042 of 9f1c2a5e"));
    }

    [Test]
    public void Comparer_SeesEachDifference()
    {
        var all = new VolumeComparison { Identity = true, ValidDataLengths = true, Times = false };
        var clock = new SimClock();
        var recipe = RecipeLoader.Parse(Text);
        var expected = RecipeBuilder.Build(recipe, clock);
        Assert.That(VolumeComparer.Compare(expected, RecipeBuilder.Build(recipe, clock), all), Is.Empty);

        Assert.That(
            Found(volume => volume.SetShortName("A long file.text", "")), Is.EqualTo("short name is none, expected MINE.TXT"));
        Assert.That(Found(volume => volume.DeleteObjectId("A long file.text")), Does.Contain("object id"));
        Assert.That(
            Found(volume => volume.SetExtendedAttributes("A long file.text", new ExtendedAttribute("COLOUR", new byte[1]))),
            Is.EqualTo("extended attribute COLOUR differs"));
        Assert.That(
            Found(volume => volume.Write("A long file.text", 50 << 10, new byte[1])), Does.Contain("valid data length is 51201"));
        Assert.That(
            Found(volume =>
            {
                volume.Delete("tagged");
                volume.CreateFile("tagged");
                volume.ForceAttributes("tagged", FileAttributes.None);
                volume.SetReparsePoint("tagged", 0x42, expected.Get("tagged").ReparseData, Guid.NewGuid());
            }),
            Does.Contain("reparse GUID"));

        string Found(Action<SimVolume> change)
        {
            var actual = RecipeBuilder.Build(recipe, clock);
            change(actual);
            return VolumeComparer.Compare(expected, actual, all)
                .First(mismatch => !mismatch.What.StartsWith("attributes", StringComparison.Ordinal)).What;
        }
    }

    [TestCase("entries: [ { path: a, shortName: A.B } ]", "entries[0].shortName", "makes no short names")]
    [TestCase("volume: { shortNames: true }\nentries: [ { path: a, shortName: too long.text } ]", "entries[0].shortName", "8.3")]
    [TestCase("volume: { shortNames: true, fileSystem: refs }", "volume.shortNames", "ReFS has no short names")]
    [TestCase("entries: [ { path: a, objectId: xyz } ]", "entries[0].objectId", "GUID")]
    [TestCase("entries: [ { path: a, caseSensitive: true } ]", "entries[0].caseSensitive", "only a directory")]
    [TestCase("entries: [ { path: a, size: 5, validData: 6 } ]", "entries[0].validData", "at most the size")]
    [TestCase("entries: [ { path: a, extendedAttributes: [ { name: 'a*b', text: x } ] } ]", "extendedAttributes[0].name", "no name")]
    [TestCase("entries: [ { path: a, tag: DEDUP, reparseGuid: 9f1c2a5e-0000-4000-8000-000000000001 } ]", "reparseGuid", "Microsoft")]
    [TestCase("entries: [ { path: a, tag: '0x00000042', target: x } ]", "entries[0]", "needs the GUID")]
    [TestCase("entries: [ { path: a, objectId: 00112233-4455-6677-8899-aabbccddeeff }, { path: b, objectId: 00112233-4455-6677-8899-aabbccddeeff } ]", "entries[1]", "DUPLICATE_NAME")]
    [TestCase("edits: { e: [ { action: set-extended-attributes, path: a } ] }", "edits.e[0].action", "extendedAttributes")]
    [TestCase("volume: { fileSystem: fat }\nentries: [ { path: a, streams: [ { name: s } ] } ]", "entries[0]", "FAT32 has no named streams")]
    public void Contradictions_AreNamedWithTheirField(string text, string field, string rule)
    {
        var error = Assert.Throws<BackupException>(() => RecipeBuilder.Build(RecipeLoader.Parse(text), new SimClock()));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.Contain(field).And.Contain(rule));
    }
}
