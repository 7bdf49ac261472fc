namespace Harness.Engine.Rules;

/// <summary>One published rule with its source.</summary>
public sealed record Clause
{
    /// <summary>Stable id within all profiles, such as <c>file.encrypted</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the clause is about, for people: "Encrypted and compressed files".</summary>
    public required string Title { get; init; }

    /// <summary>The document it stands in.</summary>
    public required string Document { get; init; }

    /// <summary>The document's date, as the document writes it in ISO form.</summary>
    public required string Date { get; init; }

    /// <summary>The words of the document, short; for an inferred clause the nearest words.</summary>
    public required string Quote { get; init; }

    /// <summary>How sure it is.</summary>
    public required ClauseStatus Status { get; init; }

    /// <summary>Why it is inferred or open, or what contradicts it; null where nothing is to be said.</summary>
    public string? Note { get; init; }
}
