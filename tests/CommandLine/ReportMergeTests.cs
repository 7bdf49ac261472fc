using Harness.Scenarios.Reports;
using Harness.Scenarios.Running;
using Harness.Tests.Scenarios;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>report merge: what belongs together becomes one, what is missing is told, what does not fit is refused.</summary>
[TestFixture]
public sealed class ReportMergeTests
{
    private FakeRun _run = null!;

    [SetUp]
    public void Make()
    {
        _run = new FakeRun();
        _run.AddScenario("one", "known: [{ when: { n: 5 }, reason: being fixed }]");
        _run.AddScenario("two");
        _run.Outcome = (cell, _) => ValueTask.FromResult(cell.Cell.Id == "area.one[n=5]" ? FakeRun.Fail : FakeRun.Pass);
    }

    [TearDown]
    public void Release() => _run.Dispose();

    [Test]
    public async Task Merge_AllParts_EqualsTheRunInOnePiece()
    {
        var whole = await PartAsync(null, "whole");
        var parts = new List<string>();
        for (var i = 3; i >= 1; i--)
        {
            parts.Add(await PartAsync($"{i}/3", $"part{i}"));
        }

        var merge = (await MergeAsync(parts)).Expect(0);

        Assert.Multiple(() =>
        {
            Assert.That(Timeless(Merged), Is.EqualTo(Timeless(whole)));
            Assert.That(RunHeaderFile.Read(Merged)!.Planned, Is.EqualTo(RunHeaderFile.Read(whole)!.Planned));
            Assert.That(merge.Out.TrimEnd(), Does.EndWith("19 passed, 0 failed, 1 skipped"));
            Assert.That(
                new[] { "report.html", "junit.xml", "ctrf.json", "report.md" }.Select(f => Path.Combine(Merged, f)), Has.All.Exist);
        });
    }

    [Test]
    public async Task Merge_PartMissing_Is9AndListsItsCellsAsNotRun()
    {
        string[] parts = [await PartAsync("1/3", "part1"), Path.Combine(_run.Out, "nowhere"), await PartAsync("3/3", "part3")];

        var merge = (await MergeAsync(parts)).Expect(9);

        var missing = ResultsFile.Read(Path.Combine(Merged, ResultsFile.FileName)).Where(r => r.State == CellState.NotRun).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(missing.Select(r => r.Id).ToList(), Has.Count.EqualTo(7).And.Contain("area.one[n=1]@memory"));
            Assert.That(missing[0].Clause, Is.EqualTo("file.hard-link"));
            Assert.That(merge.Out, Does.Contain("NOT RUN  area.one[n=1]@memory"));
            Assert.That(merge.Error, Does.Contain("nowhere has no results.jsonl").And.Contain("error ResultsIncomplete: "));
            Assert.That(merge.Out.TrimEnd(), Does.EndWith("12 passed, 0 failed, 8 skipped"));
        });
    }

    [Test]
    public async Task Merge_LastLinesGone_Is9()
    {
        var part = await PartAsync("1/2", "part1");
        var file = Path.Combine(part, ResultsFile.FileName);
        File.WriteAllLines(file, File.ReadAllLines(file)[..^1]);

        var merge = (await MergeAsync([part, await PartAsync("2/2", "part2")])).Expect(9);

        Assert.That(merge.Out, Does.Contain("NOT RUN  area.two[n=8]@memory"));
    }

    [Test]
    public async Task Merge_PartMissingWithoutAnyRunJson_Is9AndNamesThePart()
    {
        string[] parts = [await PartAsync("1/3", "part1"), await PartAsync("3/3", "part3")];
        foreach (var part in parts)
        {
            File.Delete(Path.Combine(part, RunHeaderFile.FileName));
        }

        var merge = (await MergeAsync(parts)).Expect(9);

        Assert.That(merge.Out, Does.Contain("NOT RUN  part 2/3"));
    }

    [Test]
    public async Task Merge_OfAnotherCommit_IsRefusedWithFileLineAndColumn()
    {
        string[] parts = [await PartAsync("1/2", "part1"), await PartAsync("2/2", "part2", commit: "other")];

        var merge = (await MergeAsync(parts)).Expect(5);

        Assert.That(merge.Error, Does.Contain("error ResultsConflict: ").And.Contain("commit one and commit other"));
        Assert.That(Directory.Exists(Merged), Is.False);
    }

    [Test]
    public async Task Merge_OneLineOfAnotherCommit_IsRefusedWithFileLineAndColumn()
    {
        var part = await PartAsync("1/2", "part1");
        var file = Path.Combine(part, ResultsFile.FileName);
        var lines = File.ReadAllLines(file);
        lines[2] = lines[2].Replace("\"commit\":\"one\"", "\"commit\":\"two\"", StringComparison.Ordinal);
        File.WriteAllLines(file, lines);

        var merge = (await MergeAsync([part, await PartAsync("2/2", "part2")])).Expect(5);

        Assert.That(merge.Error, Does.Contain($"{file}:3:1").And.Contain("commit one and commit two"));
    }

    [Test]
    public async Task Merge_OfAnotherSeedOrCatalogue_IsRefused()
    {
        var one = await PartAsync("1/2", "part1");
        var seed = await MergeAsync([one, await PartAsync("2/2", "seed", seed: 7)]);
        _run.AddScenario("two", "description: changed");
        var catalogue = await MergeAsync([one, await PartAsync("2/2", "catalogue")]);

        Assert.That((seed.Exit, catalogue.Exit), Is.EqualTo((5, 5)));
        Assert.That(seed.Error, Does.Contain("seed of each scenario and seed 7"));
        Assert.That(catalogue.Error, Does.Match("catalogue [0-9a-f]{12} and catalogue [0-9a-f]{12}"));
    }

    [Test]
    public async Task Merge_TruncatedFile_IsRefusedWithFileLineAndColumn()
    {
        var part = await PartAsync("1/2", "part1");
        var file = Path.Combine(part, ResultsFile.FileName);
        File.WriteAllText(file, File.ReadAllText(file)[..^20]);

        var merge = (await MergeAsync([part, await PartAsync("2/2", "part2")])).Expect(5);

        Assert.That(merge.Error, Does.Match(@"error ArgumentInvalid: \S+results\.jsonl:10:\d+: this is no result"));
    }

    [Test]
    public async Task Merge_OneCellTwice_IsTakenWhenEqualAndRefusedWhenNot()
    {
        string[] parts = [await PartAsync("1/2", "part1"), await PartAsync("2/2", "part2"), await PartAsync("1/2", "again")];
        var equal = await MergeAsync(parts);
        _run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Fail);
        var other = await MergeAsync([.. parts, await PartAsync("2/2", "other")]);

        Assert.That((equal.Exit, other.Exit), Is.EqualTo((0, 5)));
        Assert.That(equal.Error, Does.Contain("10 results came twice and are equal"));
        Assert.That(other.Error, Does.Match(@"other/results\.jsonl:1:1: the cell area\.one\[n=1\]@memory has another result in \S+part2/results\.jsonl:1:1: state"));
    }

    [Test]
    public async Task Merge_WithAFailure_Is2()
    {
        _run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Fail);

        (await MergeAsync([await PartAsync("1/1", "part1")])).Expect(2);
    }

    [Test]
    public async Task Merge_IntoAPart_IsRefused()
    {
        var part = await PartAsync("1/1", "part1");

        var merge = await InProcess.RunAsync(["report", "merge", part, "--out", part]);

        Assert.That(merge.Expect(5).Error, Does.Contain("is a part and --out too"));
    }

    private string Merged => Path.Combine(_run.Out, "merged");

    private async Task<string> PartAsync(string? shard, string name, string commit = "one", long? seed = null)
    {
        var directory = Path.Combine(_run.Out, name);
        await _run.RunAsync(new RunOptions
        {
            Vaults = ["memory"],
            Shard = shard,
            OutDirectory = directory,
            Commit = commit,
            Seed = seed,
            Reports = [],
        });
        return directory;
    }

    private Task<HarnessRun> MergeAsync(IEnumerable<string> parts) =>
        InProcess.RunAsync(["report", "merge", .. parts, "--out", Merged]);

    private static IEnumerable<string> Timeless(string directory) => ResultsFile.Read(Path.Combine(directory, ResultsFile.FileName))
        .Select(result => ResultsFile.ToLine(result with { DurationMs = 0 }));
}
