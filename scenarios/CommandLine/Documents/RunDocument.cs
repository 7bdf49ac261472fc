using System.Text.Json;
using Harness.Scenarios.Reports;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>run --json</c> prints: the exit code, where the reports are, and every line of results.jsonl.</summary>
internal sealed record RunDocument(int ExitCode, string Out, IReadOnlyList<JsonElement> Results)
{
    /// <summary>The document of a run that has ended.</summary>
    public static RunDocument Of(int exitCode, string directory)
    {
        var lines = File.ReadLines(Path.Combine(directory, ResultsFile.FileName)).Where(line => line.Length > 0);
        return new(exitCode, directory, [.. lines.Select(line => JsonDocument.Parse(line).RootElement)]);
    }
}
