using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>Recipes from the command line: made, shown, protected with and without their edits.</summary>
[TestFixture]
[Platform("Linux", Reason = "Scratch locations are for Linux in this version.")]
public sealed class VolumeTests
{
    [Test]
    public async Task NewShowBackup_OfTheSeedPage_GivesEveryVerdictAndAnIncremental()
    {
        using var area = new WorkArea();
        var recipe = area.In("volume.yaml");

        (await area.RunAsync("volume", "new", recipe)).Expect(0);
        var show = (await area.RunAsync("volume", "show", recipe, "--json")).Expect(0).Json;
        var first = (await BackupAsync(area, recipe)).Expect(0).Json;
        var again = (await BackupAsync(area, recipe)).Expect(0).Json;
        var edited = (await BackupAsync(area, recipe + "@day-2")).Expect(0).Json;

        Assert.That(show.GetProperty("edits").EnumerateArray().Select(e => e.GetString()), Does.Contain("day-2"));
        Assert.That(show.GetProperty("volume").GetProperty("files").GetInt64(), Is.Positive);
        string[] reasons =
        [
            "compressed-stream", "encrypted-and-compressed", "encrypted-and-sparse", "hard-link", "reparse-point", "sparse-stream",
        ];
        Assert.That(Reasons(first), Is.EqualTo(reasons));
        Assert.That(first.GetProperty("mode").GetString(), Is.EqualTo("full"));
        Assert.That(again.GetProperty("changedBytes").GetInt64(), Is.Zero);
        Assert.That(edited.GetProperty("changedBytes").GetInt64(), Is.Positive.And.LessThan(first.GetProperty("changedBytes").GetInt64()));
        Assert.That(edited.GetProperty("fullOnly").GetArrayLength(), Is.Positive);
    }

    [Test]
    public async Task Recipe_WhoseTextChanged_IsAnotherVolume()
    {
        using var area = new WorkArea();
        var recipe = area.In("volume.yaml");
        const string text = "seed: 1\nvolume: { label: v, size: 64GiB }\nentries:\n  - { path: a.bin, size: 64KiB }\n";
        await File.WriteAllTextAsync(recipe, text);
        (await BackupAsync(area, recipe)).Expect(0);
        await File.WriteAllTextAsync(recipe, text.Replace("seed: 1", "seed: 2", StringComparison.Ordinal));

        var second = (await BackupAsync(area, recipe)).Expect(0).Json;

        Assert.That(second.GetProperty("changedBytes").GetInt64(), Is.EqualTo(64 << 10));
    }

    [Test]
    public async Task New_OverAFile_RefusesAndLeavesIt()
    {
        using var area = new WorkArea();

        var run = (await area.RunAsync("volume", "new", area.PassphraseFile)).Expect(5);

        Assert.That(run.Error, Does.StartWith("error FileInaccessible: ").And.Contain("exists already"));
        Assert.That(await File.ReadAllTextAsync(area.PassphraseFile), Is.EqualTo(WorkArea.Passphrase + "\n"));
    }

    [TestCase("no-such.yaml", "FileInaccessible")]
    [TestCase("volume.yaml@no-such-edit", "RecipeInvalid")]
    public async Task Show_OfWhatIsNotThere_SaysWhat(string recipe, string code)
    {
        using var area = new WorkArea();
        (await area.RunAsync("volume", "new", area.In("volume.yaml"))).Expect(0);

        var run = (await area.RunAsync("volume", "show", area.In(recipe))).Expect(5);

        Assert.That(run.Error, Does.StartWith($"error {code}: "));
    }

    [Test]
    public async Task New_OfAnUnknownSample_GivesTheKnownOnes()
    {
        using var area = new WorkArea();

        var run = (await area.RunAsync("volume", "new", area.In("x.yaml"), "--sample", "attic")).Expect(5);

        Assert.That(run.Error, Does.Contain("office").And.Contain("seed-page").And.Contain("huge"));
        Assert.That(File.Exists(area.In("x.yaml")), Is.False);
    }

    private static Task<HarnessRun> BackupAsync(WorkArea area, string recipe) => area.RunAsync(
        "backup", "recipe:" + recipe, "--vault", area.Vault, "--passphrase-file", area.PassphraseFile, "--json");

    private static IEnumerable<string?> Reasons(JsonElement document) =>
        document.GetProperty("skipped").EnumerateArray().Select(s => s.GetProperty("reason").GetString()).Distinct().Order(StringComparer.Ordinal);
}
