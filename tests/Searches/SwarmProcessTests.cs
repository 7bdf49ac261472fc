using Harness.Scenarios.Searches.Swarm;
using Harness.Tests.CommandLine;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>A case is the same in another process: other addresses, other hash codes of texts, other threads, code compiled otherwise.</summary>
internal sealed class SwarmProcessTests
{
    private const int Seeds = 20;

    [Test]
    public async Task Traces_OfTwentySeedsInTwoProcesses_AreEqual()
    {
        var other = HarnessRun.OfAsync(
            [KeyValuePair.Create<string, string?>("DOTNET_TieredPGO", "0")],
            ["swarm", "--seeds", $"{Seeds}", "--workers", "2", "--traces"]);

        var here = Enumerable.Range(0, Seeds).Select(seed => $"seed {seed} trace {SwarmRun.Of(SwarmDraw.Of((ulong)seed)).Trace:x16}").ToList();
        var run = await other;

        Assert.That(run.Exit, Is.Zero, run.Error);
        Assert.That(run.Out.Split('\n').Where(line => line.Contains(" trace ", StringComparison.Ordinal)), Is.EqualTo(here));
        Assert.That(here.Distinct().Count(), Is.EqualTo(Seeds));
    }
}
