using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Harness.Engine.Errors;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Running;
using Harness.Tests.Architecture;
using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class ReportTests
{
    [Test]
    public async Task Reports_MixedRun_AllTellTheSame()
    {
        using var run = await MixedRunAsync();

        var junit = XDocument.Parse(run.ReadOut("junit.xml"));
        var cases = junit.Descendants("testcase").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(cases, Has.Count.EqualTo(20));
            Assert.That(junit.Descendants("testsuite").Select(s => s.Attribute("name")!.Value), Is.EqualTo(["area.one", "area.two"]));
            Assert.That(junit.Root!.Attribute("failures")!.Value, Is.EqualTo("1"));
            Assert.That(junit.Root!.Attribute("skipped")!.Value, Is.EqualTo("1"));
            Assert.That(
                cases[0].Descendants("property").Select(p => p.Attribute("name")!.Value), Is.SupersetOf(["seed", "clause", "repro"]));
            Assert.That(junit.Descendants("failure").Single().Value, Does.Contain("./run-scenarios.sh 'area.one[n=3]'"));
            Assert.That(run.ReadOut("report.md"), Does.Contain("18 passed, 1 failed, 1 skipped").And.Contain("./run-scenarios.sh 'area.one[n=3]'"));
        });
    }

    [Test]
    public async Task Ctrf_MixedRun_IsValidByTheSchemaOfTheFormatAndTellsTheSame()
    {
        using var run = await MixedRunAsync();

        var document = JsonDocument.Parse(run.ReadOut("ctrf.json")).RootElement;
        var schema = JsonDocument.Parse(SourceTree.Read("tests/Scenarios/ctrf-schema-0.0.json")).RootElement;

        SchemaMatch.Require(schema, document, "$");
        var summary = document.GetProperty("results").GetProperty("summary");
        var tests = document.GetProperty("results").GetProperty("tests").EnumerateArray().ToList();
        var failed = tests.Single(t => t.GetProperty("status").GetString() == "failed");
        Assert.Multiple(() =>
        {
            Assert.That(
                new[] { "tests", "passed", "failed", "skipped", "pending", "other" }.Select(name => summary.GetProperty(name).GetInt32()),
                Is.EqualTo([20, 18, 1, 1, 0, 0]));
            Assert.That(summary.GetProperty("stop").GetInt64(), Is.GreaterThanOrEqualTo(summary.GetProperty("start").GetInt64()).And.GreaterThan(1_600_000_000_000));
            Assert.That(tests.Select(t => t.GetProperty("name").GetString()), Is.EqualTo(run.Results.Select(r => r.Id)));
            Assert.That(failed.GetProperty("extra").GetProperty("repro").GetString(), Does.Contain("./run-scenarios.sh 'area.one[n=3]'"));
            Assert.That(tests.Single(t => t.GetProperty("status").GetString() == "skipped").GetProperty("rawStatus").GetString(), Is.EqualTo("known-fail"));
        });
    }

    [Test]
    public async Task Results_EachLine_HasTheFieldsThatToolsRead()
    {
        using var run = await MixedRunAsync();

        var lines = run.ReadOut("results.jsonl").TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();

        var failed = lines.Single(l => l.GetProperty("state").GetString() == "fail");
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Count.EqualTo(20));
            Assert.That(failed.GetProperty("id").GetString(), Is.EqualTo("area.one[n=3]@memory"));
            Assert.That(failed.GetProperty("cell").GetString(), Is.EqualTo("n=3,vault=memory"));
            Assert.That(failed.GetProperty("scenario").GetString(), Is.EqualTo("area.one"));
            Assert.That(failed.GetProperty("sentBytes").GetInt64(), Is.EqualTo(7));
            Assert.That(failed.GetProperty("mismatches")[0].GetProperty("actual").GetString(), Is.EqualTo("skipped: hard-link"));
            Assert.That(failed.TryGetProperty("seed", out _) && failed.TryGetProperty("requests", out _) && failed.TryGetProperty("repro", out _));
        });
    }

    [Test]
    public async Task Html_Page_HoldsEveryCellAndNoOutsideAddress()
    {
        using var run = await MixedRunAsync();

        var page = run.ReadOut("report.html");

        var start = page.IndexOf("application/json\">", StringComparison.Ordinal) + "application/json\">".Length;
        var data = JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(
                data.GetProperty("cells").EnumerateArray().Select(r => r[0].GetString()),
                Is.EquivalentTo(run.Results.Select(r => r.Id)));
            Assert.That(page, Does.Contain("Content-Security-Policy").And.Contain("prefers-color-scheme: dark").And.Contain("NO TEST"));
            Assert.That(page, Does.Not.Contain("http://").And.Not.Contain("https://"));
        });
    }

    [Test]
    public async Task History_TwoRuns_AreBothRecordedAndShown()
    {
        using var run = await MixedRunAsync();
        var options = new RunOptions { Vaults = ["memory"], History = Path.Combine(run.Out, "nightly") };

        await run.RunAsync(options);
        await run.RunAsync(options with { Seed = 2 });

        Assert.That(RunHistory.Read(options.History!), Has.Count.EqualTo(2));
    }

    [Test]
    public void Html_TextThatClosesTheScript_IsEscaped()
    {
        var result = Result(0) with { Reason = "</script><script>alert(1)</script>" };

        Assert.That(HtmlReport.Render([result]), Does.Not.Contain("</script><script>alert"));
    }

    [Test]
    public void Markdown_ManyFailures_StaysUnderSixtyKilobytesAndSaysHowManyAreLeft()
    {
        var text = MarkdownReport.Render([.. Enumerable.Range(0, 2000).Select(i => Result(i) with { State = CellState.Fail })]);

        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount(text), Is.LessThanOrEqualTo(60_000));
            Assert.That(text, Does.Match("and [0-9]+ more in results.jsonl"));
        });
    }

    [Test]
    public void Read_CutOffLine_NamesTheLine()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ResultsFile.ToLine(Result(1)) + "\n{\"id\":\"x");

            Assert.That(
                () => ResultsFile.Read(file),
                Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid).And.Message.Contains(":2:9: this is no result"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<FakeRun> MixedRunAsync()
    {
        var run = new FakeRun();
        run.AddScenario("one", "known: [{ when: { n: 5 }, reason: being fixed }]");
        run.AddScenario("two");
        run.Outcome = (cell, _) => ValueTask.FromResult(cell.Cell.Id is "area.one[n=3]" or "area.one[n=5]" ? FakeRun.Fail : FakeRun.Pass);
        await run.RunAsync();
        return run;
    }

    private static CellResult Result(int number) => new()
    {
        Id = $"area.many[n={number}]@memory",
        Cell = $"n={number}",
        Scenario = "area.many",
        Title = "Many cells",
        State = CellState.Pass,
        Expected = "** protected: incremental",
        Actual = "1 backup: full, 2 files, 0 skipped, 0 failed, 0 full-only",
        Clause = "file.ordinary",
        Seed = 1,
        Vault = "memory",
        Profile = "dpm-classic-2018",
        Commit = "0123456789abcdef",
        Repro = $"./run-scenarios.sh 'area.many[n={number}]' --vault memory --seed 1",
    };
}
