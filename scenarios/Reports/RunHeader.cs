namespace Harness.Scenarios.Reports;

/// <summary>
/// run.json beside results.jsonl: what was run, and which cells the whole run has, so that a merge sees what is missing and
/// what does not belong together.
/// </summary>
public sealed record RunHeader
{
    /// <summary>The version of this form that is written.</summary>
    public const int PresentFormat = 1;

    /// <summary>Version of this form.</summary>
    public int Format { get; init; } = PresentFormat;

    /// <summary>The commit that was run, or "unknown".</summary>
    public required string Commit { get; init; }

    /// <summary>SHA-256 over all scenario files of the catalogue, in hexadecimal.</summary>
    public required string Catalog { get; init; }

    /// <summary>The seed in place of the scenarios' own, or null.</summary>
    public long? Seed { get; init; }

    /// <summary>What the volumes were: simulated or ntfs.</summary>
    public required string Source { get; init; }

    /// <summary>The part as i/n, or null for a whole run.</summary>
    public string? Shard { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>Every cell of the whole run, all parts together, by id.</summary>
    public required IReadOnlyList<PlannedResult> Planned { get; init; }

    /// <summary>What differs between two runs so that their results cannot be one; null when nothing does.</summary>
    public string? ConflictWith(RunHeader other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Commit != other.Commit ? $"commit {Commit} and commit {other.Commit}"
            : Catalog != other.Catalog ? $"catalogue {Short(Catalog)} and catalogue {Short(other.Catalog)}"
            : Seed != other.Seed ? $"seed {Text(Seed)} and seed {Text(other.Seed)}"
            : null;
    }

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;

    private static string Text(long? seed) => seed?.ToString() ?? "of each scenario";
}

/// <summary>One cell of a plan: enough to say of it that it was not run.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Cell">The place in the scenario's matrix.</param>
/// <param name="Scenario">Id of the scenario.</param>
/// <param name="Title">The scenario's sentence.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Profile">The rule profile.</param>
/// <param name="Vault">The vault.</param>
/// <param name="Seed">Seed of the run of this cell.</param>
/// <param name="Repro">One line to paste that runs exactly this cell.</param>
public sealed record PlannedResult(
    string Id, string Cell, string Scenario, string Title, string Clause, string Profile, string Vault, long Seed, string Repro);
