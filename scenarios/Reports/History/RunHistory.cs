using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Engine.Errors;
using Harness.Scenarios.Reports.Pages;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.History;

/// <summary>
/// A directory with one small file for each run, named by time and written once: runs beside each other do not disturb it, any
/// store of artefacts can keep it, and a file that was cut off spoils nothing but itself.
/// </summary>
public static class RunHistory
{
    /// <summary>So many runs are read, the latest ones.</summary>
    public const int MaxRuns = 30;

    private const int MinStepBytes = 256 << 10;
    private const int HashLength = 12;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>
    /// The latest runs, oldest first; none when there is no such directory. ArgumentInvalid with the file for one that cannot be
    /// understood, FileInaccessible for one that cannot be read.
    /// </summary>
    public static IReadOnlyList<RunRecord> Read(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return [.. Files(directory).TakeLast(MaxRuns).Select(ReadFile)];
    }

    /// <summary>Adds a run unless the same results are there already, and returns the latest runs with it.</summary>
    public static IReadOnlyList<RunRecord> Add(string directory, IReadOnlyList<CellResult> results, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(results);
        var record = Of(results, at);
        if (!Files(directory).Any(file => file.Contains(record.Hash, StringComparison.Ordinal)))
        {
            Write(directory, record);
        }

        return Read(directory);
    }

    /// <summary>What is recorded of a run.</summary>
    public static RunRecord Of(IReadOnlyList<CellResult> results, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(results);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var result in results)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(ResultsFile.ToLine(result) + "\n"));
        }

        return new RunRecord
        {
            At = at.ToUniversalTime(),
            Commit = string.Join(',', results.Select(r => r.Commit).Distinct(StringComparer.Ordinal)),
            Hash = Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength],
            Totals = RunTotals.Of(results).ToString(),
            BytesPerSecond = results.GroupBy(r => r.Vault, StringComparer.Ordinal)
                .Select(vault => (vault.Key, Speed: Speed(vault.SelectMany(r => r.Steps))))
                .Where(vault => vault.Speed > 0)
                .ToDictionary(vault => vault.Key, vault => vault.Speed, StringComparer.Ordinal),
            SentBytes = results.GroupBy(r => r.Vault, StringComparer.Ordinal)
                .ToDictionary(vault => vault.Key, vault => vault.Sum(r => r.SentBytes), StringComparer.Ordinal),
            Cells = results.DistinctBy(KeyOf, StringComparer.Ordinal).ToDictionary(KeyOf, r => StateLetters.Of(r.State), StringComparer.Ordinal),
        };
    }

    /// <summary>A cell's name in the history: its id, and its source where that is not simulated.</summary>
    public static string KeyOf(CellResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Source == CellResult.SimulatedSource ? result.Id : $"{result.Id}+{result.Source}";
    }

    private static double Speed(IEnumerable<StepResult> steps)
    {
        var timed = steps.Where(s => s.Kind is "full" or "restore" && s.ReadBytes >= MinStepBytes && s.DurationMs > 0).ToList();
        return timed.Count == 0 ? 0 : Math.Round(timed.Sum(s => s.ReadBytes) / timed.Sum(s => s.DurationMs) * 1000);
    }

    private static string[] Files(string directory) => Directory.Exists(directory)
        ? [.. Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal)]
        : [];

    private static void Write(string directory, RunRecord record)
    {
        var name = $"{record.At.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{record.Hash}.json";
        try
        {
            Directory.CreateDirectory(directory);
            using var file = new FileStream(Path.Combine(directory, name), FileMode.CreateNew);
            JsonSerializer.Serialize(file, record, Json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Inaccessible(directory, error);
        }
    }

    private static RunRecord ReadFile(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(file), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"{file}: this is no record of a run: {error.Message}",
                "Delete the file: the history is then without that run, and whole otherwise.",
                inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Inaccessible(file, error);
        }
    }

    private static BackupException Inaccessible(string path, Exception error) => new(
        ErrorCode.FileInaccessible,
        $"The history '{path}' cannot be used: {error.Message}",
        "Name a directory that can be read and written with --history.",
        inner: error);
}
