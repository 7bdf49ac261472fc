using Harness.Engine.Errors;

namespace Harness.Scenarios.Model;

/// <summary>An edit of one of several volumes.</summary>
public sealed record EditSourceStep
{
    /// <summary>The volume.</summary>
    public required string Source { get; init; }

    /// <summary>The name of an edit in that volume's recipe, or the edit itself.</summary>
    public required RawYaml Edit { get; init; }
}

/// <summary>One restore.</summary>
public sealed record RestoreStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }

    /// <summary>Number of the recovery point; the latest when not given.</summary>
    public long? RecoveryPoint { get; init; }

    /// <summary>Passphrase of this run; the scenario's own when not given.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Paths of this recovery point that cannot be restored, each reported; everything else must come back.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>The restore must be refused or fail with this code.</summary>
    public ErrorCode? Refused { get; init; }

    /// <summary>Bounds on what the run may cost.</summary>
    public BudgetDocument? Budget { get; init; }
}

/// <summary>One check of the vault.</summary>
public sealed record CheckStep
{
    /// <summary>Reads and re-hashes every segment.</summary>
    public bool ReadData { get; init; }

    /// <summary>Exactly these findings by code, each named once; none when not given.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The check must fail as a whole with this code.</summary>
    public ErrorCode? Refused { get; init; }
}

/// <summary>Damage to one blob of the vault.</summary>
public sealed record DamageStep
{
    /// <summary>Pattern of blob names, such as packs/**; the first in ordinal order is taken.</summary>
    public required string Blob { get; init; }

    /// <summary>What is done to it.</summary>
    public required DamageKind Kind { get; init; }
}

/// <summary>Kinds of damage.</summary>
public enum DamageKind
{
    /// <summary>One bit in the middle is turned over.</summary>
    Flip,

    /// <summary>The second half is cut off.</summary>
    Truncate,

    /// <summary>The blob disappears.</summary>
    Delete,
}

/// <summary>The recovery points that must be there.</summary>
public sealed record RecoveryPointsStep
{
    /// <summary>Which of several volumes; all of the vault when not given.</summary>
    public string? Source { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }
}
