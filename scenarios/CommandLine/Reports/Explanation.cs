using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>Asks the rules about traits.</summary>
internal static class Explanation
{
    /// <summary>What a profile makes of traits, and the rows that fit but do not decide.</summary>
    public static ExplainedSubject Of(RuleProfile profile, string? path, EntryTraits traits)
    {
        var rules = Classifier.Matching(profile, traits);
        var verdict = Classifier.Classify(profile, traits);
        return new(
            path,
            TraitList.Names(traits),
            verdict.Protection,
            verdict.Reason,
            verdict.Clause,
            verdict.SetAside,
            [.. rules.Where(rule => rule.Verdict.Clause != verdict.Clause && rule.Verdict.Clause != verdict.SetAside).Select(FileTypeBody.Of)]);
    }
}
