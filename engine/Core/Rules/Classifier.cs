using Harness.Engine.Errors;
using Harness.Engine.Model;

namespace Harness.Engine.Rules;

/// <summary>Decides what happens to one entry or stream. Pure and total: traits in, verdict out.</summary>
public static class Classifier
{
    /// <summary>The verdict on an entry (without <see cref="EntryTraits.NamedStream"/>) or on a named stream (with it).</summary>
    public static Verdict Classify(RuleProfile profile, EntryTraits traits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        foreach (var rule in profile.FileTypes)
        {
            if (Matches(rule, traits))
            {
                return rule.Verdict;
            }
        }

        throw new BackupException(
            ErrorCode.ProfileInvalid,
            $"Profile {profile.Id} has no file-type row for {traits}.",
            "Add a row without conditions at the end of the table.");
    }

    /// <summary>Every row that speaks of these traits, the deciding one first: what <c>explain</c> shows.</summary>
    public static IReadOnlyList<FileTypeRule> Matching(RuleProfile profile, EntryTraits traits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return [.. profile.FileTypes.Where(rule => Matches(rule, traits))];
    }

    private static bool Matches(FileTypeRule rule, EntryTraits traits)
    {
        var subject = traits.HasFlag(EntryTraits.NamedStream) ? RuleSubject.Stream : RuleSubject.Entry;
        return rule.AppliesTo == subject && (traits & rule.When) == rule.When;
    }
}
