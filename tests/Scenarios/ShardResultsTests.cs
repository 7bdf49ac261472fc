using Harness.Engine.Errors;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

/// <summary>The results of a part are written once: what a batch system runs again does no harm.</summary>
[TestFixture]
public sealed class ShardResultsTests
{
    private static readonly RunOptions Part = new() { Vaults = ["memory"], Shard = "2/4", Commit = "one" };

    [Test]
    public async Task Part_RunAgainWithTheSameResult_KeepsTheFileAndSaysSo()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        await run.RunAsync(Part);
        var first = run.ReadOut(ResultsFile.FileName);

        var code = await run.RunAsync(Part);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(run.ReadOut(ResultsFile.FileName), Is.EqualTo(first));
            Assert.That(run.Output.ToString(), Does.Contain("Part 2/4 was run before with these very results"));
            Assert.That(Directory.GetFiles(run.Out).Select(Path.GetFileName), Has.None.StartsWith("."));
        });
    }

    [Test]
    public async Task Part_RunAgainWithAnotherResult_IsRefusedAndTheFirstStays()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        await run.RunAsync(Part);
        var first = run.ReadOut(ResultsFile.FileName);
        run.Outcome = (cell, _) => ValueTask.FromResult(cell.Cell.Label == "n=5" ? FakeRun.Fail : FakeRun.Pass);

        Assert.That(
            () => run.RunAsync(Part),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ResultsConflict)
                .And.Message.Contains("area.one[n=5]@memory was pass then and is fail now"));
        Assert.That(run.ReadOut(ResultsFile.FileName), Is.EqualTo(first));
    }

    [TestCase("one", null, "3/4", "results of part 2/4 are there, not of part 3/4")]
    [TestCase("two", null, "2/4", "commit one and commit two")]
    [TestCase("one", 7L, "2/4", "seed of each scenario and seed 7")]
    public async Task Part_InTheDirectoryOfAnother_IsRefusedBeforeAnythingRuns(string commit, long? seed, string shard, string why)
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        await run.RunAsync(Part);
        run.Outcome = (_, _) => throw new InvalidOperationException("must not run");

        Assert.That(
            () => run.RunAsync(Part with { Commit = commit, Seed = seed, Shard = shard }),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ResultsConflict).And.Message.Contains(why));
    }

    [Test]
    public async Task Part_ThatWasCutOff_IsCompletedByTheNextTry()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        run.AddScenario("two");
        run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Fail);
        await run.RunAsync(Part with { MaxFailures = 1, Parallel = 1 });
        var cutOff = run.Results.Count(r => r.State == CellState.NotRun);
        run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Pass);

        var code = await run.RunAsync(Part);

        Assert.That((cutOff, code, run.Results.Count(r => r.State == CellState.Pass)), Is.EqualTo((4, 0, 5)));
    }

    [Test]
    public async Task WholeRun_Again_ReplacesTheResults()
    {
        using var run = new FakeRun();
        run.AddScenario("one");
        await run.RunAsync();
        run.Outcome = (_, _) => ValueTask.FromResult(FakeRun.Fail);

        await run.RunAsync();

        Assert.That(run.Results.Select(r => r.State), Has.All.EqualTo(CellState.Fail));
    }
}
