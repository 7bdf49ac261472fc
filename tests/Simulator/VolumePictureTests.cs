using Harness.Simulator.Kernel;
using Harness.Simulator.Recipes;
using NUnit.Framework;

namespace Harness.Tests.Simulator;

/// <summary>What <c>volume show</c> prints is for people: few lines, none too long, nothing of the volume left without a word.</summary>
[TestFixture]
public sealed class VolumePictureTests
{
    [TestCase("office")]
    [TestCase("seed-page")]
    [TestCase("huge")]
    public void Lines_OfASample_FitAPageAndAddUp(string sample)
    {
        var picture = VolumePicture.Of(RecipeBuilder.Build(RecipeSamples.Load(sample), new SimClock()));
        var lines = picture.ToLines().ToList();

        Assert.That(lines, Has.Count.LessThan(130));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(100));
        Assert.That(picture.Tree.Count + picture.NotShown, Is.EqualTo(picture.Totals
            .Where(total => !total.Kind.EndsWith("stream", StringComparison.Ordinal)).Sum(total => total.Count)));
    }

    [Test]
    public void Tree_OfAVolumeWithMoreNamesThanLines_ShowsEveryPart()
    {
        var picture = VolumePicture.Of(RecipeBuilder.Build(RecipeSamples.Load("office"), new SimClock()));
        var text = string.Join('\n', picture.ToLines());

        Assert.That(picture.Tree.Select(line => line.Path), Is.SupersetOf(new[] { "Archive", "Home", "Shared" }));
        Assert.That(picture.Tree.Where(line => !line.Path.Contains('/', StringComparison.Ordinal)).Select(line => line.Note),
            Has.Some.StartsWith("1,600 files"));
        Assert.That(text, Does.Contain("more files"));
    }

    [Test]
    public void Lines_OfEveryState_SayIt()
    {
        var volume = RecipeBuilder.Build(
            RecipeLoader.Parse("""
                entries:
                - {path: d/file, size: 9KiB, attributes: [hidden, read-only], streams: [{name: s, size: 64KiB, attributes: [compressed]}]}
                - {path: second, type: hard-link, target: d/file}
                - {path: link, tag: MOUNT_POINT, target: "\\??\\C:\\there"}
                - {path: tiny, text: abc}
                - {path: packed, type: directory, attributes: [compressed]}
                - {path: "a very long name that goes on and on and on and on and on and on and on and on and on and on.txt", size: 1}
                """),
            new SimClock());
        var lines = VolumePicture.Of(volume).ToLines().ToList();

        Assert.That(lines, Does.Contain("  file  9 KiB, read-only, hidden, 2 names, :s 64 KiB compressed"));
        Assert.That(lines, Does.Contain("second  9 KiB, read-only, hidden, 2 names, the file is d/file, :s 64 KiB compressed"));
        Assert.That(lines, Does.Contain(@"link/  reparse point MOUNT_POINT to \??\C:\there"));
        Assert.That(lines, Does.Contain("tiny  3 B, in its record"));
        Assert.That(lines, Does.Contain("packed/  compressed"));
        Assert.That(lines, Has.Some.StartsWith("d/  1 file, 73 KiB ("));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(100));
    }
}
