using System.Text.Json;
using Harness.Scenarios.CommandLine;
using Harness.Scenarios.CommandLine.Output;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>The verbs that keep a vault in order: what they print, their documents, and their exit codes.</summary>
[TestFixture]
[Platform("Linux", Reason = "Directories are read on Linux.")]
public sealed class KeepVerbTests
{
    private WorkArea _area = null!;

    [SetUp]
    public async Task MakeThreePointsAsync()
    {
        _area = new WorkArea();
        _area.Write("folder/a.txt", "first"u8);
        _area.Write("b.bin", new byte[300_000]);
        for (var i = 0; i < 3; i++)
        {
            _area.Write($"more {i}.bin", Noise(40_000, i));
            (await RunAsync(0, "backup", _area.Source, "--name", "s", "--allow-case-sensitive", "--scratch", _area.In("scratch"))).Dispose();
        }
    }

    [TearDown]
    public void DeleteArea() => _area.Dispose();

    [Test]
    public async Task Forget_ByNumberAndUndelete_GoAndComeBack()
    {
        using var dry = await RunAsync(0, "forget", "--point", "1", "--dry-run", "--json");
        using var forgotten = await RunAsync(0, "forget", "--point", "1", "--point", "2", "--json");
        Assert.That(Numbers(dry.Json.GetProperty("forgotten")), Is.EqualTo(new[] { 1 }));
        Assert.That(Numbers(forgotten.Json.GetProperty("forgotten")), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(forgotten.Json.GetProperty("sourceName").GetString(), Is.EqualTo("s"));
        Assert.That(forgotten.Json.GetProperty("restorableUntil").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.UtcNow.AddDays(13)));
        Assert.That(await PointsAsync(), Is.EqualTo(new[] { 3 }));

        using var back = await RunAsync(0, "undelete", "--point", "2", "--json");
        using var text = await RunAsync(0, "undelete", "--point", "1");

        Assert.That(back.Json.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(2));
        Assert.That(text.Out, Is.EqualTo("Recovery point 1 is back.\n"));
        Assert.That(await PointsAsync(), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [TestCase(5, "RecoveryPointNotFound", "forget", "--point", "9")]
    [TestCase(5, "RecoveryPointNotChangeable", "forget", "--point", "3")]
    [TestCase(5, "ArgumentInvalid", "forget")]
    [TestCase(5, "ArgumentInvalid", "forget", "--point", "1", "--daily", "7")]
    [TestCase(5, "RetentionPolicyInvalid", "forget", "--daily", "6")]
    [TestCase(5, "RetentionPolicyInvalid", "retention", "show", "--weekly", "5164")]
    [TestCase(5, "ArgumentInvalid", "retention", "show")]
    [TestCase(5, "RecoveryPointNotFound", "undelete", "--point", "2")]
    [TestCase(5, "DataSourceNotFound", "forget", "--point", "1", "--name", "nobody")]
    [TestCase(5, "ArgumentInvalid", "prune", "--break-session", "sessions/none")]
    public async Task Verb_WithWhatItCannotDo_SaysWhyInItsDocument(int exit, string code, params string[] args)
    {
        using var run = await RunAsync(exit, [.. args, "--json"]);

        var error = run.Json.GetProperty("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(error.GetProperty("remedy").GetString(), Is.Not.Empty);
        Assert.That(run.Error, Does.Contain($"error {code}: "));
    }

    [Test]
    public async Task RetentionShow_ByAPolicy_TellsEachPointAndChangesNothing()
    {
        using var text = await RunAsync(0, "retention", "show", "--daily", "7", "--yearly", "1");
        using var json = await RunAsync(0, "retention", "show", "--daily", "7", "--json");

        Assert.That(text.Out, Does.Contain("kept: daily until ").And.Contain("yearly of ").And.Contain("newest"));
        Assert.That(text.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], Is.EqualTo("s: 0 recovery points not kept."));
        Assert.That(json.Json.GetProperty("decisions").GetArrayLength(), Is.EqualTo(3));
        Assert.That(json.Json.GetProperty("decisions")[2].GetProperty("reasons").EnumerateArray().Select(r => r.GetString()), Does.Contain("newest"));
        Assert.That(await PointsAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Prune_WithNothingToDo_SaysSoInBothForms()
    {
        using var text = await RunAsync(0, "prune", "--max-unused", "100%");
        using var json = await RunAsync(0, "prune", "--dry-run", "--json");

        Assert.That(text.Out, Does.StartWith("Removed 0 packs").And.Contain("Condemned 0 packs"));
        Assert.That(
            json.Json.EnumerateObject().Select(item => item.Name),
            Is.EqualTo(new[]
            {
                "recoveryPointsGone", "removedPacks", "removedBytes", "removedCommits", "removedManifests", "condemnedPacks",
                "condemnedBytes", "repackedPacks", "repackedBytes", "waitingFor",
            }));
    }

    [Test]
    public async Task Repair_OfADamagedIndexAndOfADamagedPack_MendsTheFirstAndNamesTheSecond()
    {
        var index = Directory.GetFiles(Path.Combine(_area.VaultDirectory, "index"))[0];
        await File.WriteAllTextAsync(index, "damaged");
        using var broken = await RunAsync(2, "check", "--json");
        Assert.That(
            broken.Json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("blob").GetString()),
            Does.Contain($"index/{Path.GetFileName(index)}"));

        using var repaired = await RunAsync(0, "repair", "--json");

        Assert.That(repaired.Json.GetProperty("removedIndexes").GetArrayLength(), Is.EqualTo(1));
        Assert.That(repaired.Json.GetProperty("unrepaired").GetArrayLength(), Is.Zero);
        (await RunAsync(0, "check", "--read-data")).Dispose();
        var pack = Directory.GetFiles(Path.Combine(_area.VaultDirectory, "packs"), "*", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[70] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);

        using var stays = await RunAsync(2, "repair", "--read-data");

        Assert.That(stays.Out, Does.Contain("marked 1 damaged pack").And.Contain("stays: packs/").And.Contain("s#"));
    }

    [Test]
    public async Task RecoveryPoints_ACommitIsDamaged_NamesItListsTheRestAndEndsWithTwo()
    {
        var commit = Directory.GetFiles(Path.Combine(_area.VaultDirectory, "commits"), "*", SearchOption.AllDirectories).Order().First();
        var bytes = await File.ReadAllBytesAsync(commit);
        bytes[70] ^= 1;
        await File.WriteAllBytesAsync(commit, bytes);
        foreach (var points in Directory.GetFiles(Path.GetDirectoryName(_area.VaultDirectory)!, "points-*", SearchOption.AllDirectories))
        {
            File.Delete(points);
        }

        using var list = await RunAsync(2, "recovery-points", "--json");
        using var text = await RunAsync(2, "recovery-points");

        var damaged = list.Json.GetProperty("damaged").EnumerateArray().Single();
        Assert.That(damaged.GetProperty("code").GetString(), Is.EqualTo("VaultBlobDamaged"));
        Assert.That(damaged.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(1));
        Assert.That(list.Json.GetProperty("recoveryPoints").GetArrayLength(), Is.Positive);
        Assert.That(text.Out, Does.Contain("VaultBlobDamaged: recovery point 1 of 's'"));
    }

    [Test]
    public async Task Check_InParts_ReadsEverySegmentOnce()
    {
        using var all = await RunAsync(0, "check", "--read-data", "--json");
        long read = 0;
        for (var part = 1; part <= 3; part++)
        {
            using var one = await RunAsync(0, "check", "--read-data-subset", $"{part}/3", "--json");
            read += one.Json.GetProperty("segmentsRead").GetInt64();
        }

        Assert.That(read, Is.EqualTo(all.Json.GetProperty("segmentsRead").GetInt64()).And.Positive);
        using var wrong = await RunAsync(5, "check", "--read-data-subset", "4/3");
        Assert.That(wrong.Error, Does.Contain("n/t"));
    }

    [Test]
    public async Task Backup_FullScan_LooksAtEverythingAndSaysWhyNot()
    {
        using var run = await RunAsync(
            0, "backup", _area.Source, "--name", "s", "--allow-case-sensitive", "--scratch", _area.In("scratch"), "--full-scan", "--json");

        Assert.That(run.Json.GetProperty("recoveryPoint").GetInt64(), Is.EqualTo(4));
        Assert.That(run.Json.GetProperty("changedBytes").GetInt64(), Is.Zero);
        Assert.That(run.Json.GetProperty("phases").EnumerateArray().Select(p => p.GetProperty("name").GetString()), Does.Contain("transfer"));
    }

    [Test]
    public async Task Backup_ThatFails_PrintsItsErrorAndWhatItCost()
    {
        var index = Directory.GetFiles(Path.Combine(_area.VaultDirectory, "commits"), "*3", SearchOption.AllDirectories)[0];
        await File.WriteAllTextAsync(index, "damaged");

        using var run = await RunAsync(
            2, "backup", _area.Source, "--name", "s", "--allow-case-sensitive", "--scratch", _area.In("scratch"), "--json");

        Assert.That(run.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("VaultBlobDamaged"));
        Assert.That(run.Json.GetProperty("run").GetProperty("requests").GetInt64(), Is.Positive);
        Assert.That(run.Json.GetProperty("run").GetProperty("sentBytes").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Run_MoreFailuresThanAllowed_EndsWith13()
    {
        using var run = await RunInProcessAsync(
            "run", "canary.", "--vault", "memory", "--max-failures", "1", "--out", _area.In("out"), "--report", "md");
        using var wrong = await RunInProcessAsync("run", "--max-failures", "0");

        Assert.That(run.Exit, Is.EqualTo(13), run.Out + run.Error);
        Assert.That(wrong.Exit, Is.EqualTo(5));
    }

    private async Task<List<long>> PointsAsync()
    {
        using var run = await RunAsync(0, "recovery-points", "--json");
        return [.. run.Json.GetProperty("recoveryPoints").EnumerateArray().Select(p => p.GetProperty("recoveryPoint").GetInt64())];
    }

    private static IEnumerable<long> Numbers(JsonElement list) => list.EnumerateArray().Select(item => item.GetInt64());

    private async Task<Finished> RunAsync(int exit, params string[] args)
    {
        var run = await RunInProcessAsync([.. args, "--vault", _area.Vault, "--passphrase-file", _area.PassphraseFile]);
        Assert.That(run.Exit, Is.EqualTo(exit), run.Out + run.Error);
        return run;
    }

    private static async Task<Finished> RunInProcessAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, isOutLive: false, isErrorLive: false, canAsk: false);
        var exit = await Application.RunAsync(args, terminal, CancellationToken.None);
        return new Finished(exit, output.ToString(), error.ToString());
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A run that has ended, and the document that it printed.</summary>
    private sealed record Finished(int Exit, string Out, string Error) : IDisposable
    {
        private JsonDocument? _document;

        public JsonElement Json => (_document ??= JsonDocument.Parse(Out)).RootElement;

        public void Dispose() => _document?.Dispose();
    }
}
