namespace Harness.Engine.Rules;

/// <summary>One published rule with its source.</summary>
public sealed record Clause
{
    /// <summary>Stable id within all profiles, such as <c>file.encrypted</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the clause is about, for people: "Encrypted and compressed files".</summary>
    public required string Title { get; init; }

    /// <summary>The part of the support matrix that it belongs to.</summary>
    public ClauseTopic Topic { get; init; }

    /// <summary>What follows from it where no row, limit or option of the profile says so; null where one does.</summary>
    public string? Verdict { get; init; }

    /// <summary>Title of the document it stands in.</summary>
    public required string Document { get; init; }

    /// <summary>The document's date in ISO form, a year alone where no day is known, or "undated".</summary>
    public required string Date { get; init; }

    /// <summary>Key of the document in the table of documents, such as D20.</summary>
    public string DocumentId { get; init; } = "";

    /// <summary>Where the document is to be found.</summary>
    public string Link { get; init; } = "";

    /// <summary>The words of the document, short; for an inferred clause the nearest words.</summary>
    public required string Quote { get; init; }

    /// <summary>How sure it is.</summary>
    public required ClauseStatus Status { get; init; }

    /// <summary>Why it is inferred or open; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>Other documents that say otherwise.</summary>
    public IReadOnlyList<Contradiction> Contradictions { get; init; } = [];
}
