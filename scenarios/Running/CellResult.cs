namespace Harness.Scenarios.Running;

/// <summary>One line of results.jsonl: everything that any report shows of one cell.</summary>
public sealed record CellResult
{
    /// <summary>The <see cref="Source"/> of a cell on simulated volumes.</summary>
    public const string SimulatedSource = "simulated";

    /// <summary>The stable id: <c>scenario[axis=value,...]@vault</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The place in the scenario's matrix: <c>axis=value,...,vault=V</c>; never empty.</summary>
    public required string Cell { get; init; }

    /// <summary>Id of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>The scenario's sentence.</summary>
    public required string Title { get; init; }

    /// <summary>How it ended.</summary>
    public required CellState State { get; init; }

    /// <summary>Why, in one sentence; null for a pass.</summary>
    public string? Reason { get; init; }

    /// <summary>What the documents demand, in one line.</summary>
    public required string Expected { get; init; }

    /// <summary>What came out, in one line.</summary>
    public required string Actual { get; init; }

    /// <summary>Everything that was otherwise.</summary>
    public IReadOnlyList<Mismatch> Mismatches { get; init; } = [];

    /// <summary>The steps that ran.</summary>
    public IReadOnlyList<StepResult> Steps { get; init; } = [];

    /// <summary>The clause.</summary>
    public required string Clause { get; init; }

    /// <summary>Further clauses.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Seed of the run of this cell.</summary>
    public required long Seed { get; init; }

    /// <summary>The vault.</summary>
    public required string Vault { get; init; }

    /// <summary>The rule profile.</summary>
    public required string Profile { get; init; }

    /// <summary>The commit that was run, or "unknown".</summary>
    public required string Commit { get; init; }

    /// <summary>The part of the run as i/n, or null.</summary>
    public string? Shard { get; init; }

    /// <summary>Bytes sent to the vault, counted on the wire.</summary>
    public long SentBytes { get; init; }

    /// <summary>Bytes received from the vault, counted on the wire.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Requests, counted on the wire.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes of changed pages over all backups, found by the simulator.</summary>
    public long ChangedBytes { get; init; }

    /// <summary>What the source was: simulated, or ntfs for a real NTFS volume.</summary>
    public string Source { get; init; } = SimulatedSource;

    /// <summary>The last calls to the vault before the end, the oldest first.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];

    /// <summary>Wall time.</summary>
    public double DurationMs { get; init; }

    /// <summary>One line to paste that runs exactly this cell again.</summary>
    public required string Repro { get; init; }

    /// <summary>The same without wall times, for comparison with another run of the cell.</summary>
    public CellResult WithoutTimes() => this with { DurationMs = 0, Steps = [.. Steps.Select(step => step with { DurationMs = 0 })] };
}

/// <summary>One thing that was otherwise than expected.</summary>
/// <param name="Step">The step, such as <c>2 backup</c>.</param>
/// <param name="What">What was compared, such as a path or budget.</param>
/// <param name="Expected">What the documents demand.</param>
/// <param name="Actual">What came out.</param>
/// <param name="Clause">The clause behind it, or null.</param>
public sealed record Mismatch(string Step, string What, string Expected, string Actual, string? Clause = null);

/// <summary>One step that ran.</summary>
/// <param name="Name">Number and kind, such as <c>2 backup</c>.</param>
/// <param name="Kind">full, incremental, refused, restore, check or another kind of step.</param>
/// <param name="State">pass, fail or error.</param>
public sealed record StepResult(string Name, string Kind, CellState State)
{
    /// <summary>Bytes sent to the vault, counted on the wire.</summary>
    public long SentBytes { get; init; }

    /// <summary>Bytes received from the vault, counted on the wire.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Requests, counted on the wire.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes of pages that differ from the previous recovery point; for a full backup all data pages.</summary>
    public long ChangedBytes { get; init; }

    /// <summary>The same before a rule makes a whole file of it: bytes of the pages that someone really changed.</summary>
    public long TouchedBytes { get; init; }

    /// <summary>Bytes that a backup read from the source, or a restore wrote.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Logical bytes that the recovery point protects.</summary>
    public long ProtectedBytes { get; init; }

    /// <summary>Wall time.</summary>
    public double DurationMs { get; init; }

    /// <summary>What became of each file; empty where it is as in the backup before.</summary>
    public IReadOnlyList<FileVerdict> Files { get; init; } = [];

    /// <summary>Budgets against what was measured.</summary>
    public IReadOnlyList<BudgetVerdict> Budgets { get; init; } = [];

    /// <summary>The most that scratch held.</summary>
    public long ScratchPeakBytes { get; init; }

    /// <summary>What came out, in a few words.</summary>
    public string Outcome { get; init; } = "";
}
