using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Running;

/// <summary>
/// One of n parts of a run. Parts take the sorted cells in turn, so that all parts together are the whole run and no cell
/// runs twice.
/// </summary>
/// <param name="Index">From 1.</param>
/// <param name="Count">Number of parts.</param>
public sealed record ShardSpec(int Index, int Count)
{
    private const int MaxCount = 100_000;

    /// <summary>
    /// Parses <c>2/8</c>, or <c>auto/8</c> which takes the index from the batch system: JOB_COMPLETION_INDEX of a Kubernetes
    /// Indexed Job (from 0), or SLURM_ARRAY_TASK_ID of a Slurm array (from SLURM_ARRAY_TASK_MIN). ArgumentInvalid otherwise.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="environment">Environment variables by name; null when unset.</param>
    public static ShardSpec Parse(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        var parts = text.Split('/');
        if (parts.Length != 2 || Number(parts[1]) is not { } count || count is < 1 or > MaxCount)
        {
            throw Wrong(text, "it is not of the form i/n");
        }

        var index = parts[0] == "auto" ? FromEnvironment(text, environment) : Number(parts[0]);
        return index >= 1 && index <= count
            ? new ShardSpec(index.Value, count)
            : throw Wrong(text, $"the index must be from 1 to {count}");
    }

    /// <summary>The cells of this part; the input is sorted by id.</summary>
    public IReadOnlyList<T> Take<T>(IReadOnlyList<T> sorted) =>
        [.. sorted.Where((_, position) => position % Count == Index - 1)];

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";

    private static int? FromEnvironment(string text, Func<string, string?> environment)
    {
        if (Number(environment("JOB_COMPLETION_INDEX")) is { } kubernetes)
        {
            return kubernetes + 1;
        }

        if (Number(environment("SLURM_ARRAY_TASK_ID")) is { } slurm)
        {
            return slurm - (Number(environment("SLURM_ARRAY_TASK_MIN")) ?? 0) + 1;
        }

        throw Wrong(text, "neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set");
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static BackupException Wrong(string text, string what) => new(
        ErrorCode.ArgumentInvalid,
        $"The shard '{text}' cannot be used: {what}.",
        "Write --shard 2/8 for the second of eight parts, or --shard auto/8 inside a Kubernetes Indexed Job or Slurm array.");
}
