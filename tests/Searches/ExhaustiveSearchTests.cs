using Harness.Scenarios.Searches;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>
/// The exhaustive searches of FAULT_MODEL.md for three histories: one life in eight, or each of them with HARNESS_E2E_FULL=1.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ExhaustiveSearchTests
{
    private const ulong Seed = 1;
    private const int MostShown = 20;
    private const int LivesInHand = 8;

    private static int Stride => Environment.GetEnvironmentVariable("HARNESS_E2E_FULL") == "1" ? 1 : LivesInHand;

    private static IReadOnlyList<SearchHistory> Histories => SearchHistory.All;

    [TestCaseSource(nameof(Histories))]
    public void Life_WithoutFaults_IsWellAndTheSameTwice(SearchHistory history)
    {
        var first = new SearchLife(history, Seed);
        var second = new SearchLife(history, Seed);

        Assert.That(first.Run(), Is.Empty);
        Assert.That(second.Run(), Is.Empty);
        Assert.That(second.Trace, Is.EqualTo(first.Trace));
    }

    [TestCaseSource(nameof(Histories))]
    public void NthFault_EveryCallInEveryWay_LosesNothing(SearchHistory history)
    {
        var known = new KnownGood(isShared: true);
        var rules = NthFaultSearch.RulesOf(history, Seed).ToList();
        var coverage = new SearchCoverage();
        Report(rules.Count, Taken(rules).SelectMany(rule => NthFaultSearch.Try(history, Seed, rule, known, coverage)), coverage);
    }

    [TestCaseSource(nameof(Histories))]
    public void Crash_AfterEveryOperation_LosesNothing(SearchHistory history)
    {
        var known = new KnownGood(isShared: true);
        var crashes = CrashSearch.CrashesOf(history, Seed).ToList();
        var coverage = new SearchCoverage();
        Report(crashes.Count, Taken(crashes).SelectMany(crash => CrashSearch.Try(history, Seed, crash, known, coverage)), coverage);
    }

    /// <summary>Every n-th, from a place of its own for each history, so that the few are not all of one kind.</summary>
    private static IEnumerable<T> Taken<T>(IReadOnlyList<T> all) => all.Where((_, index) => index % Stride == all.Count % Stride);

    private static void Report(int lives, IEnumerable<SearchFinding> found, SearchCoverage coverage)
    {
        var findings = found.ToList();
        TestContext.Out.WriteLine($"{lives} lives\n{string.Join('\n', coverage.Lines())}");
        Assert.That(lives, Is.GreaterThan(100));
        Assert.That(findings, Is.Empty, string.Join('\n', findings.Take(MostShown)));
    }
}
