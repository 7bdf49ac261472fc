using System.Globalization;

namespace Harness.Scenarios.Running;

/// <summary>
/// How a system that runs many like jobs tells each of them which it is. The names and bases are those of the systems' own
/// documents; a part is counted from 1 here whatever the system does.
/// </summary>
/// <param name="Name">For people.</param>
/// <param name="IndexVariable">Environment variable with the index of this job.</param>
/// <param name="First">The index of the first job, where no variable says it.</param>
/// <param name="CountVariable">Environment variable with the number of jobs; null where the system has none.</param>
/// <param name="FirstVariable">Environment variable with the index of the first job, or null.</param>
/// <param name="StepVariable">Environment variable with the distance between two indices, or null.</param>
public sealed record BatchSystem(
    string Name,
    string IndexVariable,
    int First,
    string? CountVariable,
    string? FirstVariable = null,
    string? StepVariable = null)
{
    /// <summary>In the order in which they are looked for; what a user set by hand comes first.</summary>
    public static IReadOnlyList<BatchSystem> All { get; } =
    [
        new("HARNESS_SHARD_INDEX", "HARNESS_SHARD_INDEX", 1, "HARNESS_SHARD_COUNT"),
        new("the Kubernetes Indexed Job", "JOB_COMPLETION_INDEX", 0, "HARNESS_SHARD_COUNT"),
        new("the Slurm array", "SLURM_ARRAY_TASK_ID", 0, "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
        new("Azure Pipelines", "SYSTEM_JOBPOSITIONINPHASE", 1, "SYSTEM_TOTALJOBSINPHASE"),
        new("GitLab CI", "CI_NODE_INDEX", 1, "CI_NODE_TOTAL"),
        new("Buildkite", "BUILDKITE_PARALLEL_JOB", 0, "BUILDKITE_PARALLEL_JOB_COUNT"),
    ];

    /// <summary>The system that this process runs in, or null.</summary>
    public static BatchSystem? Find(Func<string, string?> environment) =>
        All.FirstOrDefault(system => !string.IsNullOrEmpty(environment(system.IndexVariable)));

    /// <summary>Which job this is, from 1; null when the variable holds no whole number.</summary>
    public int? IndexFrom1(Func<string, string?> environment)
    {
        var first = Number(environment, FirstVariable) ?? First;
        var step = Math.Max(1, Number(environment, StepVariable) ?? 1);
        return Number(environment, IndexVariable) is { } index ? ((index - first) / step) + 1 : null;
    }

    /// <summary>How many jobs there are; null when the system does not tell.</summary>
    public int? Count(Func<string, string?> environment) => Number(environment, CountVariable);

    private static int? Number(Func<string, string?> environment, string? variable) =>
        variable is not null && int.TryParse(environment(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
