using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.EndToEnd;

/// <summary>
/// The main job on a real tree by the built program: protect, run again, edit, protect, restore both recovery points, and compare
/// with tools that are not ours. HARNESS_E2E_FILES sets the number of files.
/// </summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
[SupportedOSPlatform("linux")]
internal sealed class RealTreeTests
{
    private const int Seed = 20170310;
    private const int DefaultFiles = 800;
    private const long UnchangedBudgetBytes = 64 << 10;
    private const long BackupMemoryBytes = 300_000_000;
    private const long RestoreMemoryBytes = 300_000_000;

    private static readonly int Files = int.Parse(
        Environment.GetEnvironmentVariable("HARNESS_E2E_FILES") ?? $"{DefaultFiles}", CultureInfo.InvariantCulture);

    [Test]
    public Task Tree_OnADirectoryVault_ComesBackAtBothRecoveryPoints() =>
        LoopAsync(tree => Task.FromResult(($"dir:{tree.In("vault")}", new Dictionary<string, string?>())));

    [Test]
    [Category("Azurite")]
    public Task Tree_OnAzurite_ComesBackAtBothRecoveryPoints() =>
        LoopAsync(async _ =>
        {
            var location = await SharedAzurite.NewContainerAsync();
            var azurite = await SharedAzurite.GetAsync();
            return (location.DisplayName, new Dictionary<string, string?> { ["AZURE_STORAGE_KEY"] = azurite.AccountKey });
        });

    private static async Task LoopAsync(Func<RealTree, Task<(string Vault, Dictionary<string, string?> Environment)>> open)
    {
        await TestContext.Progress.WriteLineAsync($"{Files} files from seed {Seed}");
        using var tree = new RealTree(Files, Seed);
        var (vault, environment) = await open(tree);
        var program = new HarnessUser(tree, vault, environment);

        var copy = tree.CopyAs("before");
        var skippedBefore = tree.Skipped.ToDictionary();
        var first = await program.BackupAsync();
        AssertReport(first, 1, "full", tree.Skipped);
        var again = await program.BackupAsync();
        AssertReport(again, 2, "incremental", tree.Skipped);
        Assert.That(again.Json.GetProperty("changedBytes").GetInt64(), Is.Zero);
        Assert.That(again.Json.GetProperty("sentBytes").GetInt64(), Is.LessThanOrEqualTo(UnchangedBudgetBytes));

        tree.Edit();
        var edited = await program.BackupAsync();
        AssertReport(edited, 3, "incremental", tree.Skipped);
        Assert.That(
            edited.Json.GetProperty("sentBytes").GetInt64(),
            Is.LessThan(first.Json.GetProperty("sentBytes").GetInt64() / 4));

        AssertRestored(copy, await program.RestoreAsync(1), skippedBefore.Keys);
        AssertRestored(tree.Root, await program.RestoreAsync(3), tree.Skipped.Keys);
        (await program.CheckAsync()).Expect(0);
        Assert.That(program.BackupPeakBytes, Is.InRange(1, BackupMemoryBytes));
        Assert.That(program.RestorePeakBytes, Is.InRange(1, RestoreMemoryBytes));
    }

    private static void AssertReport(
        MeasuredRun run, long recoveryPoint, string mode, IReadOnlyDictionary<string, string> skipped)
    {
        var report = run.Expect(0).Json;
        string[] names =
        [
            "recoveryPoint", "mode", "fallbacks", "protected", "changedBytes", "readBytes", "sentBytes", "storedBytes", "requests",
            "scratchPeakBytes", "phases", "warnings", "skipped", "failed", "fullOnly",
        ];
        Assert.That(report.EnumerateObject().Select(p => p.Name), Is.SupersetOf(names));
        Assert.That(
            report.GetProperty("protected").EnumerateObject().Select(p => p.Name),
            Is.SupersetOf(new[] { "files", "logicalBytes", "allocatedBytes" }));
        Assert.That(report.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(recoveryPoint));
        Assert.That(report.GetProperty("mode").GetString(), Is.EqualTo(mode));
        Assert.That(report.GetProperty("failed").GetArrayLength(), Is.Zero);
        Assert.That(report.GetProperty("fullOnly").GetArrayLength(), Is.Zero);
        Assert.That(
            report.GetProperty("skipped").EnumerateArray().Select(item => (Text(item, "path"), Text(item, "reason"))),
            Is.EqualTo(skipped.Select(pair => (pair.Key, pair.Value))));
        Assert.That(
            report.GetProperty("skipped").EnumerateArray().Select(item => Text(item, "clause")), Has.All.StartsWith("file."));
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static void AssertRestored(string source, string restored, IEnumerable<string> skipped)
    {
        var expected = skipped.Order(StringComparer.Ordinal).ToList();
        Assert.That(TreePicture.Differences(TreePicture.Of(source), TreePicture.Of(restored), expected), Is.Empty);
        if (SystemComparers.RsyncDifferences(source, restored) is { } byRsync)
        {
            Assert.That(byRsync.Order(StringComparer.Ordinal), Is.EqualTo(expected));
        }

        if (SystemComparers.DiffDifferences(source, restored) is { } byDiff)
        {
            Assert.That(byDiff.Order(StringComparer.Ordinal), Is.EqualTo(expected));
        }
    }
}
