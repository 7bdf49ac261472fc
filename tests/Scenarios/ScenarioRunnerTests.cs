using Harness.Engine.Errors;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class ScenarioRunnerTests
{
    [Test]
    public async Task Run_AllPass_ReturnsZeroAndCountsInTheLastLine()
    {
        using var run = new FakeRun();
        run.AddScenario("one");

        var code = await run.RunAsync(new RunOptions { Vaults = ["memory", "azurite"] });

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(run.LastLine, Is.EqualTo("20 passed, 0 failed, 0 skipped"));
            Assert.That(run.Results.Select(r => r.Id), Does.Contain("area.one[n=3]@azurite"));
            Assert.That(run.Results.Select(r => r.Id), Is.EqualTo(run.Results.Select(r => r.Id).Order(StringComparer.Ordinal)));
        });
    }

    [Test]
    public async Task Run_OneFails_ReturnsTwoAndPrintsALineThatSelectsExactlyThatCell()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.Outcome = (cell, _) => ValueTask.FromResult(cell.Cell.Label == "n=3" ? FakeRun.Fail : FakeRun.Pass);

        var code = await run.RunAsync(new RunOptions { Vaults = ["memory"], Seed = 77 });

        var line = run.Output.ToString().Split('\n').Single(l => l.Contains("./run-scenarios.sh", StringComparison.Ordinal)).Trim();
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(run.LastLine, Is.EqualTo("9 passed, 1 failed, 0 skipped"));
            Assert.That(line, Is.EqualTo("./run-scenarios.sh 'area.one[n=3]' --vault memory --seed 77"));
        });

        await run.RunAsync(new RunOptions { Ids = [line.Split('\'')[1]], Vaults = ["memory"], Seed = 77 });
        Assert.That(run.Results.Select(r => (r.Id, r.Seed, r.State)), Is.EqualTo([("area.one[n=3]@memory", 77L, CellState.Fail)]));
    }

    [Test]
    public async Task Run_KnownFailures_AreSkippedAndAnUnexpectedPassIsRed()
    {
        using var run = new FakeRun();
        run.AddScenario("one", "known: [{ when: { n: [3, 4] }, reason: being fixed }]");
        run.Outcome = (cell, _) => ValueTask.FromResult(cell.Cell.Label == "n=3" ? FakeRun.Fail : FakeRun.Pass);

        var code = await run.RunAsync();

        var states = run.Results.ToDictionary(r => r.Cell, r => r.State);
        Assert.Multiple(() =>
        {
            Assert.That(states["n=3,vault=memory"], Is.EqualTo(CellState.KnownFail));
            Assert.That(states["n=4,vault=memory"], Is.EqualTo(CellState.UnexpectedPass));
            Assert.That(run.LastLine, Is.EqualTo("8 passed, 1 failed, 1 skipped"));
            Assert.That(code, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task Run_CellThatNeverEnds_IsATimeoutAndTheOthersRun()
    {
        using var run = new FakeRun();
        run.AddScenario("one", "timeout-seconds: 1");
        run.Outcome = async (cell, token) =>
        {
            await (cell.Cell.Label == "n=0" ? Task.Delay(Timeout.InfiniteTimeSpan, token) : Task.CompletedTask);
            return FakeRun.Pass;
        };

        await run.RunAsync();

        Assert.Multiple(() =>
        {
            Assert.That(run.Results[0].State, Is.EqualTo(CellState.Timeout));
            Assert.That(run.Results[0].Reason, Does.Contain("within 1 s").And.Contain("one.yaml").And.Contain("timeout-seconds"));
            Assert.That(run.LastLine, Is.EqualTo("9 passed, 1 failed, 0 skipped"));
        });
    }

    [Test]
    public async Task Run_CellThatThrows_IsAnErrorWithItsReason()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.Outcome = (_, _) => throw new InvalidOperationException("it broke");

        await run.RunAsync();

        Assert.That(run.Results.Select(r => (r.State, r.Reason)), Has.All.Matches<(CellState State, string? Reason)>(r =>
            r.State == CellState.Error && r.Reason!.Contains("it broke", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Run_MaxFailures_EndsEarlyAndTheRestIsNotRun()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Fail);

        var code = await run.RunAsync(new RunOptions { Vaults = ["memory"], MaxFailures = 2, Parallel = 1 });

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(13));
            Assert.That(run.Results.Count(r => r.State == CellState.NotRun), Is.EqualTo(8));
            Assert.That(run.LastLine, Is.EqualTo("0 passed, 2 failed, 8 skipped"));
        });
    }

    [Test]
    public async Task Run_RerunFailed_RunsExactlyTheFailedCells()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.AddScenario("two");
        run.Outcome = (cell, _) => ValueTask.FromResult(cell.Id is "area.one[n=3]@azurite" or "area.two[n=0]@memory" ? FakeRun.Fail : FakeRun.Pass);
        await run.RunAsync(new RunOptions());
        var earlier = Path.Combine(run.Out, "earlier.jsonl");
        File.Move(Path.Combine(run.Out, "results.jsonl"), earlier);

        await run.RunAsync(new RunOptions { Vaults = ["memory"], RerunFailed = earlier });

        Assert.That(run.Results.Select(r => r.Id), Is.EqualTo(["area.one[n=3]@azurite", "area.two[n=0]@memory"]));
    }

    [Test]
    public async Task Run_Shards_TogetherRunEveryCellOnce()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.AddScenario("two");
        await run.RunAsync();
        var all = run.Results.Select(r => r.Id).ToList();

        var parts = new List<string>();
        for (var i = 1; i <= 8; i++)
        {
            var part = run.Out + i;
            await run.RunAsync(new RunOptions { Vaults = ["memory"], Shard = $"{i}/8", OutDirectory = part });
            parts.AddRange(ResultsFile.Read(Path.Combine(part, ResultsFile.FileName)).Select(r => r.Id));
        }

        Assert.That(parts.Order(StringComparer.Ordinal), Is.EqualTo(all));
    }

    [Test]
    public async Task Run_List_PrintsIdsAndRunsNothing()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.Outcome = (_, _) => throw new InvalidOperationException("must not run");

        var code = await run.RunAsync(new RunOptions { Vaults = ["memory"], List = true, Filter = "n=7" });

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(run.Output.ToString().Trim(), Is.EqualTo("area.one[n=7]@memory"));
            Assert.That(Directory.Exists(run.Out), Is.False);
        });
    }

    [Test]
    public void Run_OutDirectoryIsAFile_FailsBeforeAnythingRuns()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.Outcome = (_, _) => throw new InvalidOperationException("must not run");
        var file = Path.Combine(run.Catalog, "one.yaml");

        Assert.That(
            () => run.RunAsync(new RunOptions { Vaults = ["memory"], OutDirectory = file }),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.FileInaccessible).And.Message.Contains(file));
    }

    [Test]
    public void Run_ProfileThatIsNone_SaysWhichThereAre()
    {
        using var run = new FakeRun();
        run.AddScenario("one");

        Assert.That(
            () => run.RunAsync(new RunOptions { Profile = "dpm-classic-2081" }),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ProfileNotFound)
                .And.Message.Contains("Did you mean 'dpm-classic-2018'"));
    }

    [TestCase("area.oen[n=3]", "Did you mean 'area.one")]
    [TestCase("nothing", "There is no scenario 'nothing'")]
    public void Run_UnknownId_SelectsNothingAndSaysSo(string id, string message)
    {
        using var run = new FakeRun();
        run.AddScenario("one");

        Assert.That(
            () => run.RunAsync(new RunOptions { Ids = [id] }),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.NothingSelected).And.Message.Contains(message));
    }

    [Test]
    public void Run_FilterOfNothing_SelectsNothing()
    {
        using var run = new FakeRun();
        run.AddScenario("one");

        Assert.That(
            () => run.RunAsync(new RunOptions { Filter = "tag:other" }),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.NothingSelected));
    }

    [Test]
    public async Task Run_Canary_OnlyWhenNamed()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.AddScenario("bird", "canary: true");

        await run.RunAsync();
        var unnamed = run.Results.Count;
        await run.RunAsync(new RunOptions { Ids = ["area.bird"], Vaults = ["memory"] });

        Assert.That((unnamed, run.Results.Count), Is.EqualTo((10, 10)));
        Assert.That(run.Results.Select(r => r.Scenario), Has.All.EqualTo("area.bird"));
    }
}
