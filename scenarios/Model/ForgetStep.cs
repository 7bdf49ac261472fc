using Harness.Engine.Errors;

namespace Harness.Scenarios.Model;

/// <summary>Forgets recovery points: by number, or what a policy under the ranges of the profile does not keep.</summary>
public sealed record ForgetStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }

    /// <summary>Numbers to forget; without any the policy decides.</summary>
    public IReadOnlyList<long> Points { get; init; } = [];

    /// <summary>Days that every recovery point is kept.</summary>
    public int? Daily { get; init; }

    /// <summary>Weeks that the point of a week is kept.</summary>
    public int? Weekly { get; init; }

    /// <summary>Months that the point of a month is kept.</summary>
    public int? Monthly { get; init; }

    /// <summary>Years that the point of a year is kept.</summary>
    public int? Yearly { get; init; }

    /// <summary>Exactly these numbers are forgotten.</summary>
    public IReadOnlyList<long> Forgotten { get; init; } = [];

    /// <summary>It must be refused with this code.</summary>
    public ErrorCode? Refused { get; init; }

    /// <summary>The clause that a refusal must name.</summary>
    public string? Clause { get; init; }

    /// <summary>The codes that the documents publish for the refusal; not looked at when not given.</summary>
    public IReadOnlyList<string>? Published { get; init; }
}
