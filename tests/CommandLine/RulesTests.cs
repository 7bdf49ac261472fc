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

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
