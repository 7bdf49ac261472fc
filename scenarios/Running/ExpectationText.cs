using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>Says in one line what a cell expects.</summary>
internal static class ExpectationText
{
    private const int MaxPaths = 6;

    /// <summary>The expectation of the row that decides the cell.</summary>
    public static string Of(ScenarioCell cell)
    {
        var row = cell.Expect;
        if (row.Refused is { } code)
        {
            return row.Clause is null ? $"refused: {code}" : $"refused: {code} ({row.Clause})";
        }

        var parts = row.Paths.Take(MaxPaths).Select(Of).ToList();
        if (row.Paths.Count > MaxPaths)
        {
            parts.Add($"and {row.Paths.Count - MaxPaths} more paths");
        }

        parts.AddRange(row.Warnings.Select(warning => $"warning {warning}"));
        return string.Join("; ", parts);
    }

    /// <summary>One path's outcome.</summary>
    public static string Of(PathExpectation path) => $"{path.Path} {OutcomeOf(path)}";

    /// <summary>The outcome alone, such as <c>skipped: hard-link</c>.</summary>
    public static string OutcomeOf(PathExpectation path) =>
        path.Skipped is { } skipped ? $"skipped: {skipped}"
        : path.Failed is { } failed ? $"failed: {failed}"
        : $"protected: {YamlNames.Of((path.Protected ?? ExpectedProtection.Incremental).ToString())}";
}
