using Harness.Scenarios.Reports;
using Harness.Scenarios.Running;
using Harness.Tests.Scenarios;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>Eight parts, two of them processes, or each of them with HARNESS_E2E_FULL=1: joined, they are the run in one piece.</summary>
[TestFixture]
public sealed class ShardProcessTests
{
    [Test]
    public async Task Shards_EightProcesses_MergeToTheUnshardedRun()
    {
        using var area = new WorkArea();
        using var cells = new FakeRun();
        cells.AddScenario("ten");
        string[] run = ["run", "--catalog", cells.Catalog, "--vault", "memory", "--report", "junit", "--out"];
        (await InProcess.RunAsync([.. run, area.In("whole")])).Expect(0);

        var parts = Enumerable.Range(0, 8).Select(i => area.In($"part{i}")).ToList();
        foreach (var (part, index) in parts.Select((part, index) => (part, index)))
        {
            var end = IsProcess(index)
                ? await HarnessRun.OfAsync([new("JOB_COMPLETION_INDEX", $"{index}")], [.. run, part, "--shard", "8", "--shard-index-from-env"])
                : await InProcess.RunAsync([.. run, part, "--shard", $"{index + 1}/8"]);
            end.Expect(0);
        }

        (await InProcess.RunAsync(["report", "merge", .. parts, "--out", area.In("merged")])).Expect(0);
        var merged = ResultsFile.Read(Path.Combine(area.In("merged"), ResultsFile.FileName));
        var whole = ResultsFile.Read(Path.Combine(area.In("whole"), ResultsFile.FileName));
        Assert.That(merged, Has.Count.EqualTo(10));
        Assert.That(merged, Is.EqualTo(whole).Using<CellResult>(ResultsFile.AreEqual));
    }

    private static bool IsProcess(int index) => index is 0 or 7 || Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1";
}
