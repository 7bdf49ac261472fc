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
        Clause? setAside = null;
        foreach (var rule in profile.FileTypes)
        {
            if (!Matches(rule, traits))
            {
                continue;
            }

            if (!IsSetAside(rule, profile.Preserve))
            {
                return setAside is null ? rule.Verdict : rule.Verdict with { SetAside = setAside };
            }

            // Of a reparse point tag and data are kept and nothing else, so no other row has anything to say.
            if (rule.When.HasFlag(EntryTraits.ReparsePoint))
            {
                return new Verdict(Protection.Incremental, null, rule.Verdict.Clause, rule.Verdict.Clause);
            }

            setAside = rule.Verdict.Clause;
        }

        throw new BackupException(
            ErrorCode.ProfileInvalid,
            $"Profile {profile.Id} has no file-type row for {traits}.",
            "Add a row without conditions at the end of the table.");
    }

    /// <summary>The traits of an entry that the rules look at, those of its kind and of its names among them.</summary>
    public static EntryTraits TraitsOf(SourceEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var traits = entry.TaggedTraits & ~EntryTraits.NamedStream;
        traits |= entry.Kind switch
        {
            EntryKind.Directory => EntryTraits.Directory,
            EntryKind.Special => EntryTraits.Special,
            EntryKind.SymbolicLink => EntryTraits.ReparsePoint,
            _ => EntryTraits.None,
        };
        return entry.Kind == EntryKind.File && entry.LinkCount > 1 ? traits | EntryTraits.HardLink : traits;
    }

    /// <summary>Every row that speaks of these traits, the deciding one first: what <c>explain</c> shows.</summary>
    public static IReadOnlyList<FileTypeRule> Matching(RuleProfile profile, EntryTraits traits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return [.. profile.FileTypes.Where(rule => Matches(rule, traits))];
    }

    private static bool IsSetAside(FileTypeRule rule, PreserveModes modes) =>
        modes != PreserveModes.None && rule.AppliesTo == RuleSubject.Entry && rule.Verdict.Protection == Protection.Skipped
        && ((modes.HasFlag(PreserveModes.ReparsePoints) && rule.When == EntryTraits.ReparsePoint)
            || (modes.HasFlag(PreserveModes.HardLinks) && rule.When == EntryTraits.HardLink));

    private static bool Matches(FileTypeRule rule, EntryTraits traits)
    {
        var subject = traits.HasFlag(EntryTraits.NamedStream) ? RuleSubject.Stream : RuleSubject.Entry;
        return rule.AppliesTo == subject && (traits & rule.When) == rule.When;
    }
}
