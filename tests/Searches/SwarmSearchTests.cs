using Harness.Scenarios.Searches;
using Harness.Scenarios.Searches.Swarm;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>Seeded disasters: each seed is a case, each case must lose nothing. HARNESS_SWARM_CASES sets how many.</summary>
internal sealed class SwarmSearchTests
{
    private const int MostShown = 5;

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("HARNESS_SWARM_CASES"), out var cases) ? cases : 60;

    [Test]
    public void Swarm_EachSeed_LosesNothingAndGoesOnAfterwards()
    {
        var findings = new List<string>();
        var coverage = new SearchCoverage();
        for (var seed = 0; seed < Cases; seed++)
        {
            var outcome = SwarmRun.Of(SwarmDraw.Of((ulong)seed));
            findings.AddRange(outcome.Problems.Take(1).Select(problem => $"seed {seed}: {problem}"));
            coverage.Add(outcome.Events, outcome.Fired);
        }

        TestContext.Out.WriteLine(string.Join('\n', coverage.Lines()));
        Assert.That(findings, Is.Empty, string.Join('\n', findings.Take(MostShown)));
    }

    [Test]
    public void Case_RunTwice_LeavesTheSameTrace([Values(3UL, 8UL)] ulong seed)
    {
        var swarmCase = SwarmDraw.Of(seed);
        var first = SwarmRun.Of(swarmCase);

        Assert.That(SwarmRun.Of(swarmCase).Trace, Is.EqualTo(first.Trace));
        Assert.That(SwarmRun.Of(swarmCase with { Faults = first.Fired }).Trace, Is.EqualTo(first.Trace));
    }
}
