using Harness.Engine.Errors;
using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using Harness.Simulator.Volume;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

[TestFixture]
public sealed class LazyRecipeTests
{
    [Test]
    public void Archive_WithAHundredMillionFiles_IsPicturedWithoutMakingThem()
    {
        var volume = RecipeBuilder.Build(RecipeSamples.Load("archive"), new SimClock());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var picture = VolumePicture.Of(volume);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(picture.Files, Is.EqualTo(100_005_000));
        Assert.That(picture.NotShown, Is.EqualTo(picture.Files + picture.Directories - 1 - picture.Tree.Count));
        Assert.That(picture.Totals.Single(total => total.Kind == "plain file").Count, Is.EqualTo(picture.Files));
        Assert.That(picture.Totals.Sum(total => total.AllocatedBytes), Is.EqualTo(volume.UsedBytes));
        Assert.That(cost, Is.LessThan(32 << 20));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(60)]
    public void Picture_OfALazyTree_IsThatOfTheTreeMadeEntryByEntry(int maxLines)
    {
        var shape = new TreeShape { Files = 3_000, Directories = 90, FanOut = 3, Sizes = [10, 5_000, 100_000] };
        var lazy = new SimVolume(new VolumeSettings(), new SimClock());
        lazy.CreateGeneratedTree("a/tree", shape, 1);
        var made = new SimVolume(new VolumeSettings(), new SimClock());
        made.CreateTree("a/tree", shape, 1);

        Assert.That(Lines(lazy, maxLines), Is.EqualTo(Lines(made, maxLines)));

        foreach (var volume in new[] { lazy, made })
        {
            volume.Append("a/tree/d02/d07/f0238.bin", new byte[70_000]);
            volume.Rename("a/tree/d01/d06/d20", "b");
            volume.DeleteTree("a/tree/d02/d09/d30");
            volume.Encrypt("a/tree/f0000.bin");
        }

        Assert.That(Lines(lazy, maxLines), Is.EqualTo(Lines(made, maxLines)));
    }

    [TestCase("names: office", "names")]
    [TestCase("attributes: [encrypted]", "attributes")]
    [TestCase("files: 3000000000", "files")]
    [TestCase("sizes: { distribution: fixed, median: 17TiB }", "sizes")]
    [TestCase("lazy: maybe", "lazy")]
    public void LazyTree_ThatCannotBe_IsRefusedNamingTheField(string line, string field)
    {
        var lines = new[] { "path: t", "lazy: true", "files: 10" }.Where(other => other.Split(':')[0] != line.Split(':')[0]);
        var text = $"trees:\n  - {{ {string.Join(", ", lines.Append(line))} }}\n";

        var error = Assert.Throws<BackupException>(() => RecipeLoader.Parse(text))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.Contain($"trees[0].{field}"));
    }

    [Test]
    public void LazyTree_ThatTheVolumeHasNoRoomFor_IsRefusedNamingTheTree()
    {
        var recipe = RecipeLoader.Parse("volume: { size: 1MiB }\ntrees: [{ path: t, lazy: true, files: 1000000 }]\n");

        var error = Assert.Throws<BackupException>(() => RecipeBuilder.Build(recipe, new SimClock()))!;

        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecipeInvalid));
        Assert.That(error.Message, Does.Contain("trees[0]"));
    }

    private static List<string> Lines(SimVolume volume, int maxLines) => [.. VolumePicture.Of(volume, maxLines).ToLines()];
}
