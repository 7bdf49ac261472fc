using Harness.Engine.Model;
using Harness.Simulator.Compare;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>Each planted difference must be seen, at its path and in its words.</summary>
[TestFixture]
public sealed class VolumeComparerTests
{
    private static readonly (string Name, string Path, string What, Action<SimVolume> Plant)[] Plants =
    [
        ("missing", "ordinary/plain.bin", "is missing", v => v.Delete("ordinary/plain.bin")),
        ("extra", "ordinary/extra", "never expected", v => v.CreateFile("ordinary/extra")),
        ("name case", "ordinary/plain.bin", "name is Plain.bin", v => v.Rename("ordinary/plain.bin", "ordinary/Plain.bin")),
        ("one byte", "ordinary/plain.bin", "first at byte 77", v => v.Write("ordinary/plain.bin", 77, [0])),
        ("size", "ordinary/plain.bin", "size is", v => v.SetEndOfFile("ordinary/plain.bin", 5)),
        ("zeros for data", "ordinary/letter.txt", "content differs", v => v.ZeroRange("ordinary/letter.txt", 0, 1)),
        ("filled hole", "supported/sparse.vhd", "allocated ranges", v => v.Write("supported/sparse.vhd", 1 << 20, [0])),
        ("storage", "supported/compressed.log", "storage is None", v => v.SetCompression("supported/compressed.log", false)),
        ("attributes", "ordinary/letter.txt", "attributes is", v => v.SetAttributes("ordinary/letter.txt", FileAttributes.Hidden)),
        ("write time", "ordinary/letter.txt", "write time is",
            v => v.SetTimes("ordinary/letter.txt", new EntryTimes(null, new Timestamp(1, 100), null, null))),
        ("security", "ordinary/letter.txt", "security differs",
            v => v.SetSecurity("ordinary/letter.txt", new EntrySecurity(SecurityKind.Windows, new byte[] { 1 }))),
        ("stream lost", "ordinary/with streams.docx:summary", "stream is missing", v => v.Delete("ordinary/with streams.docx:summary")),
        ("stream extra", "ordinary/plain.bin:x", "never expected", v => v.CreateStream("ordinary/plain.bin:x")),
        ("stream content", "ordinary/with streams.docx:summary", "first at byte 3",
            v => v.Write("ordinary/with streams.docx:summary", 3, [0])),
        ("reparse tag", "skipped/cloud.pptx", "reparse tag is none", v => v.DeleteReparsePoint("skipped/cloud.pptx")),
        ("link count", "skipped/linked-a.bin", "link count is 1", v => v.Delete("skipped/linked-b.bin")),
        ("encryption", "supported/encrypted.bin", "EFS information", v => v.Decrypt("supported/encrypted.bin")),
        ("kind", "ordinary/plain.bin", "is a directory", v =>
        {
            v.Delete("ordinary/plain.bin");
            v.CreateDirectory("ordinary/plain.bin");
        }),
    ];

    private static IEnumerable<string> PlantNames => Plants.Select(plant => plant.Name);

    [TestCaseSource(nameof(PlantNames))]
    public void Compare_WithAPlantedDifference_FindsIt(string name)
    {
        var (_, path, what, plant) = Plants.Single(candidate => candidate.Name == name);
        var volume = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());
        var before = volume.TakeSnapshot();
        plant(volume);

        var found = VolumeComparer.Compare(before, volume);

        Assert.That(found.Where(difference => difference.Path == path && difference.What.Contains(what, StringComparison.Ordinal)),
            Is.Not.Empty, string.Join('\n', found));
    }

    [Test]
    public void Compare_OfEqualVolumes_FindsNothing()
    {
        var a = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());
        var b = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());

        Assert.That(VolumeComparer.Compare(a, b, new VolumeComparison { RootMetadata = true }), Is.Empty);
    }

    [Test]
    public void Compare_OfHugeEqualContent_ReadsNothing()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("huge"), new SimClock());

        Assert.That(VolumeComparer.Compare(volume.TakeSnapshot(), volume), Is.Empty);
    }

    [Test]
    public void Compare_WithLeftOutPaths_DemandsThatTheyAreAbsent()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("seed-page"), new SimClock());
        var before = volume.TakeSnapshot();
        var options = new VolumeComparison { Times = false, LeftOut = ["skipped", "ordinary/with streams.docx:summary"] };
        var present = VolumeComparer.Compare(before, volume, options);
        volume.DeleteTree("skipped");
        volume.Delete("ordinary/with streams.docx:summary");

        Assert.That(present.Select(difference => difference.Path), Does.Contain("skipped/junction")
            .And.Contain("ordinary/with streams.docx:summary"));
        Assert.That(VolumeComparer.Compare(before, volume, options), Is.Empty);
    }
}
