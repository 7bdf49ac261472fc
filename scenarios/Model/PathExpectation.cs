namespace Harness.Scenarios.Model;

/// <summary>The outcome of the entries that match a path; the first matching row counts.</summary>
public sealed record PathExpectation
{
    /// <summary>
    /// Path with '/' from the root of the source, a stream as path:stream. '*' stands for anything within one component, '**'
    /// for anything at all, '?' for one character.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Protected: incremental, or full-only when each change sends the whole again.</summary>
    public ExpectedProtection? Protected { get; init; }

    /// <summary>Skipped by the rules, for this reason.</summary>
    public string? Skipped { get; init; }

    /// <summary>Protected by the rules but not readable, for this reason.</summary>
    public string? Failed { get; init; }

    /// <summary>The clause that the report must name for a skipped or failed entry.</summary>
    public string? Clause { get; init; }
}

/// <summary>How an entry is protected.</summary>
public enum ExpectedProtection
{
    /// <summary>Only changed pages are sent again.</summary>
    Incremental,

    /// <summary>The whole file is sent again on each change.</summary>
    FullOnly,
}
