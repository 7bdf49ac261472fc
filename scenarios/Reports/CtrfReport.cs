using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>
/// A report in the Common Test Report Format (ctrf.io, schema of version 0.0): one JSON document that tools of many test
/// frameworks share. A test for each cell; what this format has no word for stands in <c>extra</c> and <c>rawStatus</c>.
/// </summary>
public static class CtrfReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Renders the document.</summary>
    public static string Render(IReadOnlyList<CellResult> results, RunHeader header)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(header);
        var tests = results.Select(Test).ToList();
        var start = header.Started.ToUnixTimeMilliseconds();
        var stop = header.Ended.ToUnixTimeMilliseconds();
        var document = new
        {
            ReportFormat = "CTRF",
            SpecVersion = "0.0.0",
            GeneratedBy = "harness",
            Results = new
            {
                Tool = new { Name = "harness", Version = Version() },
                Summary = new
                {
                    Tests = tests.Count,
                    Passed = tests.Count(t => t.Status == "passed"),
                    Failed = tests.Count(t => t.Status == "failed"),
                    Skipped = tests.Count(t => t.Status == "skipped"),
                    Pending = tests.Count(t => t.Status == "pending"),
                    Other = tests.Count(t => t.Status == "other"),
                    Suites = results.Select(r => r.Scenario).Distinct(StringComparer.Ordinal).Count(),
                    Start = start,
                    Stop = stop,
                    Duration = stop - start,
                },
                Tests = tests,
                Environment = new
                {
                    AppName = "harness",
                    header.Commit,
                    TestEnvironment = header.Source,
                    ShardId = header.Shard,
                    Extra = new { header.Catalog, header.Seed },
                },
            },
        };
        return JsonSerializer.Serialize(document, Json) + "\n";
    }

    private static CtrfTest Test(CellResult result) => new(
        result.Id,
        StatusOf(result.State),
        (long)Math.Round(result.DurationMs),
        [result.Scenario],
        result.State == CellState.Pass ? null : result.Reason,
        result.Mismatches.Count == 0
            ? null
            : string.Join('\n', result.Mismatches.Select(m => $"Step {m.Step}, {m.What}: expected {m.Expected}, but {m.Actual}")),
        CellStates.Name(result.State),
        result.Tags.Count == 0 ? null : result.Tags,
        [.. result.Steps.Select(step => new CtrfStep(step.Name, StatusOf(step.State)))],
        new CtrfExtra(
            result.Title, result.Clause, result.Profile, result.Vault, result.Seed, result.Repro, result.SentBytes, result.Requests));

    /// <summary>
    /// Known failures and what the run was told to leave out are skipped; a cell that the run never reached is pending.
    /// </summary>
    private static string StatusOf(CellState state) => state switch
    {
        CellState.Pass => "passed",
        CellState.Fail or CellState.Error or CellState.Timeout or CellState.UnexpectedPass => "failed",
        CellState.NotRun => "pending",
        _ => "skipped",
    };

    private static string Version() =>
        typeof(CtrfReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private sealed record CtrfTest(
        string Name,
        string Status,
        long Duration,
        IReadOnlyList<string> Suite,
        string? Message,
        string? Trace,
        string RawStatus,
        IReadOnlyList<string>? Tags,
        IReadOnlyList<CtrfStep> Steps,
        CtrfExtra Extra);

    private sealed record CtrfStep(string Name, string Status);

    private sealed record CtrfExtra(
        string Title, string Clause, string Profile, string Vault, long Seed, string Repro, long SentBytes, long Requests);
}
