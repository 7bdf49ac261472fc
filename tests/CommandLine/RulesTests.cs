using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>matrix and explain.</summary>
[TestFixture]
public sealed class RulesTests
{
    [TestCase("encrypted", "full-only", null, "file.encrypted")]
    [TestCase("compressed", "incremental", null, "file.compressed")]
    [TestCase("sparse", "incremental", null, "file.sparse")]
    [TestCase("compressed,sparse", "incremental", null, "file.compressed-sparse")]
    [TestCase("hard-link", "skipped", "hard-link", "file.hard-link")]
    [TestCase("reparse-point", "skipped", "reparse-point", "file.reparse-point")]
    [TestCase("encrypted,compressed", "skipped", "encrypted-and-compressed", "file.encrypted-compressed")]
    [TestCase("sparse,encrypted", "skipped", "encrypted-and-sparse", "file.encrypted-sparse")]
    [TestCase("named-stream,compressed", "skipped", "compressed-stream", "stream.compressed")]
    [TestCase("named-stream,sparse", "skipped", "sparse-stream", "stream.sparse")]
    [TestCase("none", "incremental", null, "file.ordinary")]
    public async Task Explain_Traits_GivesTheVerdictOfTheDocument(string traits, string protection, string? reason, string clause)
    {
        var run = (await HarnessRun.OfAsync("explain", "--traits", traits, "--json")).Expect(0);

        var subject = run.Json.GetProperty("subjects").EnumerateArray().Single();
        Assert.That(subject.GetProperty("protection").GetString(), Is.EqualTo(protection));
        Assert.That(subject.GetProperty("reason").GetString(), Is.EqualTo(reason));
        Assert.That(subject.GetProperty("clause").GetProperty("id").GetString(), Is.EqualTo(clause));
    }

    [Test]
    public async Task Explain_AsText_QuotesTheDocumentWithDateAndStatus()
    {
        var run = (await HarnessRun.OfAsync("explain", "--traits", "encrypted,sparse")).Expect(0);

        Assert.That(run.Out, Does.Contain("skipped (encrypted-and-sparse)")
            .And.Contain("\"Encrypted and sparse (Skipped)\"").And.Contain("2017-03-10").And.Contain("documented")
            .And.Contain("file.encrypted (when encrypted)"));
    }

    [Test]
    public async Task Matrix_Json_HasEveryClauseWithWordsAndVerdict()
    {
        var document = (await HarnessRun.OfAsync("matrix", "--json")).Expect(0).Json;

        var clauses = document.GetProperty("clauses").EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetString()!, StringComparer.Ordinal);
        Assert.That(document.GetProperty("profile").GetString(), Is.EqualTo("dpm-classic-2018"));
        Assert.That(Text(clauses["file.encrypted"], "quote"), Is.EqualTo("Encrypted (Full backups only)"));
        Assert.That(Text(clauses["file.encrypted"], "verdict"), Is.EqualTo("protected, whole file on each change"));
        Assert.That(Text(clauses["limit.source-size"], "verdict"), Is.EqualTo("source refused above 54,400 GB"));
        Assert.That(Text(clauses["cache.minimum"], "verdict"), Is.EqualTo("refused under 10 %"));
        Assert.That(Text(clauses["cache.recommended"], "verdict"), Is.EqualTo("warning under 15 %"));
        Assert.That(Text(clauses["stream.sparse"], "status"), Is.EqualTo("inferred"));
        Assert.That(clauses.Values.Select(c => Text(c, "verdict")), Has.None.EqualTo("(no verdict)"));
    }

    [Test]
    public async Task Matrix_Redirected_GivesOneLineARowWithoutColours()
    {
        var run = (await HarnessRun.OfAsync("matrix")).Expect(0);

        var row = run.Out.Split('\n').Single(line => line.Contains("| cache.minimum ", StringComparison.Ordinal));
        Assert.That(row, Does.Contain("refused under 10 %").And.Contain("available as local free storage").And.Contain("documented"));
        Assert.That(run.Out, Does.Not.Contain("\u001b"));
    }

    [Test]
    public async Task MatrixDiff_OfAProfileWithItself_FindsNothing()
    {
        var run = (await HarnessRun.OfAsync("matrix", "--diff", "dpm-classic-2018", "--json")).Expect(0);

        Assert.That(run.Json.GetProperty("differences").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task MatrixDiff_OfDpmAndMars_ShowsBothQuotesAndWhatElseContradicts()
    {
        var run = (await InProcess.RunAsync(["matrix", "--diff", "mars-2026", "--json"])).Expect(0);

        var differences = run.Json.GetProperty("differences").EnumerateArray()
            .ToDictionary(d => Text(d, "id")!, StringComparer.Ordinal);
        var encrypted = differences["file.encrypted"];
        Assert.That(encrypted.GetProperty("differs").EnumerateArray().Select(d => d.GetString()), Is.EqualTo(new[] { "verdict", "words" }));
        Assert.That(Text(encrypted.GetProperty("profile"), "quote"), Is.EqualTo("Encrypted (Full backups only)"));
        Assert.That(Text(encrypted.GetProperty("other"), "quote"), Is.EqualTo("Supported."));
        Assert.That(Text(encrypted.GetProperty("other").GetProperty("contradictions")[0], "documentId"), Is.EqualTo("SEED"));
        Assert.That(differences.Keys, Does.Contain("cache.minimum").And.Contain("credentials.lifetime").And.Contain("schedule.backups-per-day"));
        Assert.That(differences.Keys, Has.None.EqualTo("flow.encryption").And.None.EqualTo("recovery.point-is-full"));
    }

    [Test]
    public async Task Matrix_OfATopic_HasItsClausesOnly_WithScenariosOrNoTest()
    {
        var run = (await InProcess.RunAsync(["matrix", "--topic", "scratch"])).Expect(0);

        var rows = run.Out.Split('\n').Where(line => line.StartsWith("| c", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.That(rows, Has.Count.GreaterThan(5).And.All.StartsWith("| cache."));
        Assert.That(rows.Single(row => row.Contains("cache.full", StringComparison.Ordinal)), Does.Contain("errors.scratch-full"));
        Assert.That(rows.Single(row => row.Contains("cache.attributes", StringComparison.Ordinal)), Does.Contain("NO TEST"));
    }

    [Test]
    public async Task Matrix_All_HasEveryProfile()
    {
        var run = (await InProcess.RunAsync(["matrix", "--all", "--topic", "credentials", "--json"])).Expect(0);

        var hours = run.Json.GetProperty("profiles").EnumerateArray()
            .ToDictionary(p => Text(p, "profile")!, p => Text(p.GetProperty("clauses")[0], "verdict"), StringComparer.Ordinal);
        Assert.That(hours, Has.Count.EqualTo(7));
        Assert.That((hours["dpm-2020"], hours["mars-2026"]), Is.EqualTo(("good for 48 hours", "good for 240 hours")));
    }

    [Test]
    public async Task Explain_AllProfiles_PutsThemSideBySide()
    {
        var run = (await InProcess.RunAsync(["explain", "--traits", "encrypted", "--all-profiles", "--json"])).Expect(0);

        var verdicts = run.Json.GetProperty("profiles").EnumerateArray()
            .ToDictionary(p => Text(p, "profile")!, p => Text(p.GetProperty("subjects")[0], "protection"), StringComparer.Ordinal);
        Assert.That((verdicts["dpm-classic-2018"], verdicts["mars-2019"]), Is.EqualTo(("full-only", "incremental")));
    }

    [Test]
    public async Task Explain_OfACapture_TellsEachPathAndWhatEachRuleDecides()
    {
        using var area = new WorkArea();
        var file = area.In("capture.yaml");
        await File.WriteAllTextAsync(file, """
            entries:
              - { path: plain.txt, size: 8KiB }
              - { path: secret.bin, size: 64KiB, attributes: [encrypted] }
              - { path: linked.txt, size: 4KiB }
              - { path: linked-too.txt, type: hard-link, target: linked.txt }
              - path: streams.bin
                size: 1KiB
                streams: [{ name: holes, size: 1MiB, attributes: [sparse], allocated: [0..64KiB] }]
            """);

        var run = (await InProcess.RunAsync(["explain", "recipe:" + file, "--all-profiles", "--json"])).Expect(0);
        var text = (await InProcess.RunAsync(["explain", file, "--tree", "--profile", "mars-2026"])).Expect(0);

        var paths = run.Json.GetProperty("paths").EnumerateArray().ToDictionary(p => Text(p, "path")!, StringComparer.Ordinal);
        var rules = run.Json.GetProperty("rules").EnumerateArray()
            .ToDictionary(r => (Text(r, "profile"), Text(r, "clause")), r => r.GetProperty("entries").GetInt64());
        var secret = paths["secret.bin"].GetProperty("verdicts").EnumerateArray().ToDictionary(v => Text(v, "profile")!, StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(paths.Keys, Is.EquivalentTo(new[] { "plain.txt", "secret.bin", "linked.txt", "linked-too.txt", "streams.bin", "streams.bin:holes" }));
            Assert.That(Text(secret["dpm-2020"], "protection"), Is.EqualTo("full-only"));
            Assert.That(Text(secret["mars-2026"], "protection"), Is.EqualTo("incremental"));
            Assert.That(secret["dpm-2020"].GetProperty("alsoMatches")[0].GetString(), Is.EqualTo("file.ordinary"));
            Assert.That(rules[("dpm-2020", "file.hard-link")], Is.EqualTo(2));
            Assert.That(rules[("dpm-2020", "file.ordinary")], Is.EqualTo(2));
            Assert.That(rules[("dpm-2020", "stream.sparse")], Is.EqualTo(1));
            Assert.That(text.Out, Does.Contain("linked.txt  (hard-link)").And.Contain("would fit too: file.ordinary").And.Not.Contain("plain.txt"));
        });
    }

    [TestCase("matrix --all --diff mars-2026", "--all cannot be given")]
    [TestCase("matrix --topic scrach", "no topic 'scrach'")]
    [TestCase("explain --traits sparse --tree", "belongs to a tree")]
    [TestCase("explain --traits sparse --profile mars-2026 --all-profiles", "cannot be given together")]
    public async Task Options_ThatDoNotGoTogether_AreRefused(string line, string what)
    {
        var run = (await InProcess.RunAsync(line.Split(' '))).Expect(5);

        Assert.That(run.Error, Does.Contain(what));
    }

    [Test]
    public async Task Error_ThatTheDocumentsPublish_HasItsCodeInTextAndJson()
    {
        using var area = new WorkArea();
        var run = (await InProcess.RunAsync(["forget", "--vault", area.Vault, "--daily", "6", "--passphrase-file", area.PassphraseFile, "--json"])).Expect(5);

        Assert.That(Text(run.Json.GetProperty("error"), "published"), Is.EqualTo("0x29834"));
        Assert.That(Text(run.Json.GetProperty("error"), "clause"), Is.EqualTo("retention.daily"));
        Assert.That(run.Error, Does.Contain("published as: 0x29834").And.Contain("7 days"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
