namespace Harness.Scenarios.Running;

/// <summary>What to run and where the results go.</summary>
public sealed record RunOptions
{
    /// <summary>Directory of scenarios, or one file; the catalogue beside the program when null.</summary>
    public string? Catalog { get; init; }

    /// <summary>
    /// Ids to run: of scenarios, of cells (<c>scenario[axis=value]</c>), with the vault (<c>...@memory</c>), a leading part
    /// that ends at a dot, or patterns with '*' and '?'. Empty means all but canaries, which run only when named here.
    /// </summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>A <see cref="CellFilter"/> expression, or null.</summary>
    public string? Filter { get; init; }

    /// <summary>Only cells written for this rule profile; null means all.</summary>
    public string? Profile { get; init; }

    /// <summary>Vaults by the name that --vault takes; each cell runs on each.</summary>
    public IReadOnlyList<string> Vaults { get; init; } = ["memory", "azurite"];

    /// <summary>What the volumes are.</summary>
    public SourceKind Source { get; init; }

    /// <summary>Seed in place of the scenarios' own, or null.</summary>
    public long? Seed { get; init; }

    /// <summary>A <see cref="ShardSpec"/> such as 2/8 or auto/8, or null.</summary>
    public string? Shard { get; init; }

    /// <summary>Takes the index of the part from the <see cref="BatchSystem"/>.</summary>
    public bool ShardIndexFromEnvironment { get; init; }

    /// <summary>Directory of results.jsonl and the reports; created when absent.</summary>
    public string OutDirectory { get; init; } = "out";

    /// <summary>Reports beside results.jsonl: html, junit, ctrf, md.</summary>
    public IReadOnlyList<string> Reports { get; init; } = ["html", "junit", "ctrf", "md"];

    /// <summary>Directory of earlier runs, to which this one is added; null for none.</summary>
    public string? History { get; init; }

    /// <summary>A results.jsonl whose failed cells are the ones to run, or null.</summary>
    public string? RerunFailed { get; init; }

    /// <summary>Lists the selected cells and runs nothing.</summary>
    public bool List { get; init; }

    /// <summary>Lists as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Cells at once; the number of cores when null.</summary>
    public int? Parallel { get; init; }

    /// <summary>Ends the run after so many failures (exit code 13); the rest is not-run. Null means never.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>Commit for the results; taken from the environment or git when null.</summary>
    public string? Commit { get; init; }
}
