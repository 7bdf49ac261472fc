using Harness.Scenarios.Searches.Histories;
using Harness.Scenarios.Searches.Swarm;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>
/// All short histories: one part of <see cref="Parts"/> for each way to track changes, or all of them with HARNESS_E2E_FULL=1;
/// HARNESS_HISTORY_PARTS=FROM-TO takes the parts between.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class HistorySearchTests
{
    private const int Parts = 4800;
    private const int MostShown = 20;

    private static IEnumerable<int> Taken
    {
        get
        {
            var range = Environment.GetEnvironmentVariable("HARNESS_HISTORY_PARTS")?.Split('-').Select(int.Parse).ToArray();
            return Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? Enumerable.Range(0, Parts)
                : range is [var from, var to] ? Enumerable.Range(from, to - from + 1)
                : [8];
        }
    }

    [Test]
    public void Histories_OfThePart_AreProtectedAsTheDocumentsSayAndRestoredEqual([Values] SwarmTracking tracking)
    {
        var (run, findings) = (0, new List<string>());
        foreach (var part in Taken)
        {
            var histories = HistorySearch.Part(part, Parts);
            run += histories.Count;
            findings.AddRange(new HistorySearch(tracking, histories).Run().Take(MostShown).Select(problem => $"part {part}, {tracking}: {problem}"));
        }

        TestContext.Out.WriteLine($"{run} of {History.Count} histories");
        Assert.That(run, Is.GreaterThan(50));
        Assert.That(findings, Is.Empty, string.Join('\n', findings.Take(MostShown)));
    }

    [Test]
    public void Histories_OfAllParts_AreEachThereOnce()
    {
        var numbers = Enumerable.Range(0, 7).SelectMany(part => HistorySearch.Part(part, 7)).Select(history => history.Number).ToList();

        Assert.That(numbers, Has.Count.EqualTo(History.Count));
        Assert.That(numbers.Distinct().Count(), Is.EqualTo(History.Count));
    }
}
