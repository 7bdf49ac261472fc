namespace Harness.Scenarios.Model;

/// <summary>
/// One scenario as it is written in YAML: a requirement of the published rules, a volume, steps, and what the documents say
/// must come out. Keys are the names of the properties in kebab case. Expectations are written by hand from the documents and
/// never computed from the engine's rules.
/// </summary>
public sealed record ScenarioDocument
{
    /// <summary>Stable id: lower-case words with '.', '-' and digits, such as file-types.encrypted. Never reused.</summary>
    public required string Id { get; init; }

    /// <summary>One sentence that says what holds.</summary>
    public required string Title { get; init; }

    /// <summary>More for people: why it matters, what to look at when it fails.</summary>
    public string? Description { get; init; }

    /// <summary>The clause that the scenario proves.</summary>
    public required RequirementDocument Requirement { get; init; }

    /// <summary>Words to select by, lower case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The rule profile whose document the expectations follow.</summary>
    public string Profile { get; init; } = "dpm-classic-2018";

    /// <summary>Seed of all randomness of the scenario; every cell derives its own from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Axes: each combination of their values is one cell. Write ${axis} where a value belongs.</summary>
    public IReadOnlyDictionary<string, AxisDocument> Matrix { get; init; } = new Dictionary<string, AxisDocument>();

    /// <summary>Which combinations of the axes become cells: all, or pairs when all would be too many.</summary>
    public MatrixCombination Combine { get; init; }

    /// <summary>The protected volume as a simulator recipe; for more than one use volumes.</summary>
    public RawYaml? Volume { get; init; }

    /// <summary>Several data sources by name, each a simulator recipe, all protected to the same vault.</summary>
    public IReadOnlyDictionary<string, RawYaml> Volumes { get; init; } = new Dictionary<string, RawYaml>();

    /// <summary>The scratch location.</summary>
    public ScratchDocument Scratch { get; init; } = new();

    /// <summary>What happens, in order.</summary>
    public required IReadOnlyList<StepDocument> Steps { get; init; }

    /// <summary>
    /// What must come out: the first row whose conditions match the cell counts. Every cell needs one, every row must decide
    /// at least one cell.
    /// </summary>
    public required IReadOnlyList<ExpectRow> Expect { get; init; }

    /// <summary>Failures that are accepted for now. A pass where a failure is known is red.</summary>
    public IReadOnlyList<KnownFailure> Known { get; init; } = [];

    /// <summary>Which recovery points are restored and compared at the end, beyond those of the steps.</summary>
    public FinalRestore FinalRestore { get; init; } = FinalRestore.All;

    /// <summary>A canary must fail: it proves that the oracles see. It runs only when it is named.</summary>
    public bool Canary { get; init; }

    /// <summary>Longest time for one cell in seconds; 120 when not given.</summary>
    public int? TimeoutSeconds { get; init; }
}
