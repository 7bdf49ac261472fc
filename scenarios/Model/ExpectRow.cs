using Harness.Engine.Errors;

namespace Harness.Scenarios.Model;

/// <summary>What must come out in the cells that match.</summary>
public sealed record ExpectRow
{
    /// <summary>Conditions on axes, all of which must hold; without any the row matches every cell.</summary>
    public IReadOnlyDictionary<string, Condition> When { get; init; } = new Dictionary<string, Condition>();

    /// <summary>Outcome of every entry and stream; an entry that no row matches is an error.</summary>
    public IReadOnlyList<PathExpectation> Paths { get; init; } = [];

    /// <summary>The first backup must be refused with this code; the vault stays as it was and the cell ends there.</summary>
    public ErrorCode? Refused { get; init; }

    /// <summary>The clause that the refusal must name.</summary>
    public string? Clause { get; init; }

    /// <summary>Exactly these codes of the documents for what the backup reports or is refused with; not looked at when not given.</summary>
    public IReadOnlyList<string>? Published { get; init; }

    /// <summary>Exactly these warnings of each backup, by code.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A failure that is accepted for now.</summary>
public sealed record KnownFailure
{
    /// <summary>Conditions on axes, all of which must hold; without any it speaks of every cell.</summary>
    public IReadOnlyDictionary<string, Condition> When { get; init; } = new Dictionary<string, Condition>();

    /// <summary>Only on this vault; on every vault when not given.</summary>
    public string? Vault { get; init; }

    /// <summary>Why it is accepted, for people.</summary>
    public required string Reason { get; init; }
}
