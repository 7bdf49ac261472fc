using Harness.Scenarios.Searches;
using Harness.Simulator.Faults;
using NUnit.Framework;

namespace Harness.Tests.Searches;

/// <summary>Clocks and credentials that go wrong at each place where they can: claims 1, 2 and 10 of FAULT_MODEL.md.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ClockAndCredentialTests
{
    private const ulong Seed = 3;

    private static IEnumerable<FaultRule> Rules => NthFaultSearch.RulesOf(SearchHistory.All[0], Seed)
        .Where(rule => rule.Operation.StartsWith("clock.", StringComparison.Ordinal));

    [Test]
    public void Clock_WrongAtEachLook_LosesNothing()
    {
        var rules = Rules.ToList();
        var known = new KnownGood(isShared: true);

        Assert.That(rules.Select(rule => rule.Kind).Distinct(), Is.EquivalentTo(new[] { FaultKind.Step, FaultKind.DaylightSaving, FaultKind.Skew }));
        Assert.That(rules.SelectMany(rule => NthFaultSearch.Try(SearchHistory.All[0], Seed, rule, known)), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(9)]
    public void Credentials_ThatExpire_FailTheRunAndTheNextUntilRenewed(int call)
    {
        var life = new SearchLife(SearchHistory.All[0], Seed) { Faults = new FaultPlan([FaultRule.Parse($"credentials.expire A {call} expire")]) };

        Assert.That(life.Run(), Is.Empty, "the backup after renewal commits, and everything is there");
        Assert.That(life.Refusals, Is.EqualTo(new[] { "VaultAccessDenied", "VaultAccessDenied" }));
    }
}
