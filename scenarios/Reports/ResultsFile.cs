using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Engine.Errors;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>results.jsonl: the truth that every report renders. One JSON object a line, UTF-8, line feeds.</summary>
public static class ResultsFile
{
    /// <summary>The file's name within the out directory.</summary>
    public const string FileName = "results.jsonl";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>One line without its line feed.</summary>
    public static string ToLine(CellResult result) => JsonSerializer.Serialize(result, Json);

    /// <summary>Reads a file; FileInaccessible or ArgumentInvalid with the line that is wrong.</summary>
    public static IReadOnlyList<CellResult> Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var results = new List<CellResult>();
        var number = 0;
        foreach (var line in ReadLines(file))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                results.Add(JsonSerializer.Deserialize<CellResult>(line, Json)!);
            }
            catch (JsonException error)
            {
                throw new BackupException(
                    ErrorCode.ArgumentInvalid,
                    $"{file}:{number}: this is no result: {error.Message}",
                    "Take a results.jsonl that a run finished writing; a cut-off last line means that the run was cut off.",
                    inner: error);
            }
        }

        return results;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"The results file '{file}' cannot be read: {error.Message}",
                "Name the results.jsonl in the out directory of an earlier run.",
                inner: error);
        }
    }
}
