using Harness.Scenarios.Reports;
using Harness.Scenarios.Running;
using Harness.Tests.CommandLine;
using Harness.Tests.Support;
using NUnit.Framework;

namespace Harness.Tests.Ntfs;

/// <summary>Scenarios of the catalogue on real NTFS volumes, with the expectations that hold for simulated ones.</summary>
[TestFixture]
[Platform("Linux", Reason = "ntfs-3g is a driver for Linux.")]
[NonParallelizable]
internal sealed class ScenarioSourceTests
{
    [Test]
    public async Task Run_OnRealVolumes_PassesWhatNtfsHoldsAndSaysWhatItDoesNot()
    {
        SystemTool.Require("mkntfs", "ntfs-3g");
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Mounting needs root.");
        }

        using var area = new WorkArea();

        var run = await InProcess.RunAsync(
            [
                "run", "file-types.hard-link", "file-types.sparse", "file-types.encrypted", "file-types.encrypted-compressed",
                "trouble.source-vanishes", "--source", "ntfs", "--vault", "memory", "--out", area.In("out"), "--report", "junit",
            ]);

        var results = ResultsFile.Read(Path.Combine(area.In("out"), ResultsFile.FileName));
        var skipped = results.Where(r => r.State == CellState.Skipped).ToDictionary(r => r.Id, r => r.Reason!);
        Assert.Multiple(() =>
        {
            Assert.That(run.Exit, Is.Zero, run.Out);
            Assert.That(results.Select(r => r.Source), Has.All.EqualTo("ntfs"));
            Assert.That(RunHeaderFile.Read(area.In("out"))!.Source, Is.EqualTo("ntfs"));
            Assert.That(
                results.Where(r => r.State == CellState.Pass).Select(r => r.Scenario),
                Is.EquivalentTo(new[] { "file-types.encrypted", "file-types.hard-link", "file-types.sparse" }));
            Assert.That(skipped["file-types.encrypted-compressed@memory"], Does.Contain("NTFS volume cannot hold it: "));
            Assert.That(skipped.Values, Has.Some.Contains("faults are made on simulated volumes alone"));
            Assert.That(results[0].Repro, Does.EndWith("--source ntfs"));
        });
    }
}
