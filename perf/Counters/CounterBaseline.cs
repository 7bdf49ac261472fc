using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Perf.Reporting;

namespace Harness.Perf.Counters;

/// <summary>The accepted counters, <c>perf/baseline.json</c>. Changed only by a commit that says why.</summary>
internal static class CounterBaseline
{
    private const string FileName = "baseline.json";

    /// <summary>
    /// The file in the working copy: below the current directory or one above it, else above the program.
    /// </summary>
    public static string DefaultPath() =>
        Find(Environment.CurrentDirectory) ?? Find(AppContext.BaseDirectory) ?? throw new BackupException(
            ErrorCode.ArgumentInvalid, "No perf/Harness.Perf.csproj above the current directory.", "Give the file with --baseline.");

    /// <summary>Reads the file; null when there is none.</summary>
    public static IReadOnlyList<CounterSet>? Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<IReadOnlyList<CounterSet>>(File.ReadAllText(path), Results.Json)
                : null;
        }
        catch (JsonException error)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"The baseline '{path}' is not valid: {error.Message}", "Restore it, or write it with --accept.");
        }
    }

    public static void Write(string path, IReadOnlyList<CounterSet> counters) =>
        File.WriteAllText(path, JsonSerializer.Serialize(counters, Results.Json) + "\n");

    private static string? Find(string start)
    {
        for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
        {
            var perf = Path.Combine(at.FullName, "perf");
            if (File.Exists(Path.Combine(perf, "Harness.Perf.csproj")))
            {
                return Path.Combine(perf, FileName);
            }
        }

        return null;
    }
}
