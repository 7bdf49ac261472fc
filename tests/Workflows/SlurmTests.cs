using Harness.Scenarios.Reports;
using Harness.Tests.Architecture;
using Harness.Tests.CommandLine;
using Harness.Tests.Scenarios;
using NUnit.Framework;

namespace Harness.Tests.Workflows;

/// <summary>The script for Slurm on a real Slurm: four tasks, joined, are the run in one piece.</summary>
[TestFixture]
[Platform("Linux", Reason = "Slurm's daemons run on Linux.")]
[NonParallelizable]
internal sealed class SlurmTests
{
    [Test]
    public async Task Script_AsAnArrayOfFour_MergesToTheUnshardedRun()
    {
        if (!new[] { "HARNESS_REQUIRE_SYSTEM", "HARNESS_E2E_FULL" }.Any(name => Environment.GetEnvironmentVariable(name) == "1"))
        {
            Assert.Ignore("A cluster takes some seconds: it is started in CI, and with HARNESS_E2E_FULL=1.");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Slurm's daemons need root.");
        }

        using var cluster = await SlurmCluster.StartAsync();
        using var area = new WorkArea();
        using var cells = new FakeRun();
        cells.AddScenario("ten");
        string[] run = ["--catalog", cells.Catalog, "--vault", "memory", "--report", "junit"];
        (await InProcess.RunAsync(["run", .. run, "--out", area.In("whole")])).Expect(0);

        var exit = await cluster.SubmitAsync(Path.Combine(SourceTree.Root, "build/ci/slurm-array.sh"), "0-3", [area.In("parts"), .. run]);

        Assert.That(exit, Is.Zero);
        var parts = Enumerable.Range(0, 4).Select(i => area.In($"parts/{i}"));
        (await InProcess.RunAsync(["report", "merge", .. parts, "--out", area.In("merged")])).Expect(0);
        var (whole, merged) = (Read(area.In("whole")), Read(area.In("merged")));
        Assert.That(merged.Select(r => r.Id), Is.EqualTo(whole.Select(r => r.Id)));
        Assert.That(merged, Has.Count.EqualTo(10));
        Assert.That(merged.Zip(whole), Has.All.Matches<(Harness.Scenarios.Running.CellResult One, Harness.Scenarios.Running.CellResult Other)>(
            pair => ResultsFile.AreEqual(pair.One, pair.Other)));
    }

    private static IReadOnlyList<Harness.Scenarios.Running.CellResult> Read(string directory) =>
        ResultsFile.Read(Path.Combine(directory, ResultsFile.FileName));
}
