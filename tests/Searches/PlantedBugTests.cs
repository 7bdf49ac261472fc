using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Scenarios.Searches.Swarm;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>The tester tested: each mistake that is made on purpose is found, soon and as what it is, and without it the same case is well.</summary>
internal sealed class PlantedBugTests
{
    private static IReadOnlyList<PlantedBug> Bugs => PlantedBugCatalog.All;

    [TestCaseSource(nameof(Bugs))]
    public void Bug_Planted_IsFoundWithinItsSeeds(PlantedBug bug)
    {
        var finding = Enumerable.Range(0, bug.MostSeeds)
            .Select(seed => (Case: bug.Draw((ulong)seed), Seed: seed))
            .Select(item => (item.Case, item.Seed, Outcome: SwarmRun.Of(item.Case, bug)))
            .FirstOrDefault(item => item.Outcome.Problems.Count > 0);

        Assert.That(finding.Outcome, Is.Not.Null, $"{bug.Name} is not found within {bug.MostSeeds} seeds");
        Assert.That(bug.IsFoundBy(finding.Outcome!), $"seed {finding.Seed} finds something else: {finding.Outcome!.Problems[0]}");
        Assert.That(SwarmRun.Of(finding.Case).Problems, Is.Empty, "without the bug");
        TestContext.Out.WriteLine($"seed {finding.Seed}: {finding.Outcome.Problems[0]}");
    }

    [Test]
    public void Bugs_EveryOne_IsInTheReadmeWithItsSeedsAndInTheFaultModelWithItsClaim()
    {
        var readme = File.ReadAllText(Path.Combine(SourceTree.Root, "simulator", "README.md"));
        var model = File.ReadAllText(Path.Combine(SourceTree.Root, "simulator", "FAULT_MODEL.md"));

        foreach (var bug in Bugs)
        {
            Assert.That(readme, Does.Contain($"| `{bug.Name}` | {bug.Mistake} | {bug.Claim} |"));
            Assert.That(readme, Does.Match($@"\| `{bug.Name}` \|.*\| {bug.MostSeeds} \|"));
            Assert.That(model, Does.Contain($"\n| {bug.Claim} |"));
        }
    }
}
