namespace Harness.Engine.Rules;

/// <summary>What the rules say of one file or stream.</summary>
public enum Protection
{
    /// <summary>Protected; only changed blocks are sent again.</summary>
    Incremental,

    /// <summary>Protected; the whole file is sent again on each change.</summary>
    FullOnly,

    /// <summary>Not protected, and reported.</summary>
    Skipped,
}

/// <summary>The outcome of classification: which protection, by which clause.</summary>
/// <param name="Protection">What happens.</param>
/// <param name="Reason">For <see cref="Protection.Skipped"/> the stable reason, such as <c>hard-link</c>; else null.</param>
/// <param name="Clause">The clause that decided.</param>
/// <param name="SetAside">The clause that would have skipped it, had a preserve mode not set it aside; null for none.</param>
public sealed record Verdict(Protection Protection, string? Reason, Clause Clause, Clause? SetAside = null);
