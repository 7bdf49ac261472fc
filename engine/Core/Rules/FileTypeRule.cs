using Harness.Engine.Model;

namespace Harness.Engine.Rules;

/// <summary>One row of the file-type table: the first row whose traits are all present decides.</summary>
/// <param name="AppliesTo">Whether the row speaks of a file's own data or of a named stream.</param>
/// <param name="When">Traits that must all be present; none matches everything.</param>
/// <param name="Verdict">The outcome.</param>
public sealed record FileTypeRule(RuleSubject AppliesTo, EntryTraits When, Verdict Verdict);

/// <summary>What a <see cref="FileTypeRule"/> speaks of.</summary>
public enum RuleSubject
{
    /// <summary>A file's own data, or a directory.</summary>
    Entry,

    /// <summary>A named stream.</summary>
    Stream,
}
