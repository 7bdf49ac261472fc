using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Harness.Engine.Errors;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>results.jsonl: the truth that every report renders. One JSON object a line, UTF-8, line feeds.</summary>
public static class ResultsFile
{
    /// <summary>The file's name within the out directory.</summary>
    public const string FileName = "results.jsonl";

    private static readonly string[] NotCompared = ["durationMs", "trace"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>One line without its line feed.</summary>
    public static string ToLine(CellResult result) => JsonSerializer.Serialize(result, Json);

    /// <summary>Whether two results of one cell say the same; times, traces and the part that ran it do not count.</summary>
    public static bool AreEqual(CellResult one, CellResult other) => Comparable(one).ToJsonString() == Comparable(other).ToJsonString();

    /// <summary>The first property in which two results of one cell differ, with both values, in a few words.</summary>
    public static string FirstDifference(CellResult one, CellResult other)
    {
        var (then, now) = (Comparable(one).AsObject(), Comparable(other).AsObject());
        var name = then.Concat(now).Select(property => property.Key)
            .FirstOrDefault(key => then[key]?.ToJsonString(Json) != now[key]?.ToJsonString(Json));
        return name is null ? "no difference" : $"{name} {Cut(then[name])} and {Cut(now[name])}";

        static string Cut(JsonNode? value) =>
            value?.ToJsonString(Json) is not { } text ? "none" : text.Length > 120 ? text[..120] + "..." : text;
    }

    /// <summary>Writes a whole file in one step.</summary>
    public static void Write(string directory, IReadOnlyList<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var part = Path.Combine(directory, $".{FileName}-{Environment.ProcessId}");
        File.WriteAllText(part, string.Concat(results.Select(result => ToLine(result) + "\n")));
        File.Move(part, Path.Combine(directory, FileName), overwrite: true);
    }

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
                results.Add(JsonSerializer.Deserialize<CellResult>(line, Json) ?? throw new JsonException("it is null"));
            }
            catch (JsonException error)
            {
                throw new BackupException(
                    ErrorCode.ArgumentInvalid,
                    $"{file}:{number}:{(error.BytePositionInLine ?? 0) + 1}: this is no result: {JsonFault.Text(error)}",
                    "Take a results.jsonl that a run finished writing; a cut-off last line means that the run was cut off.",
                    inner: error);
            }
        }

        return results;
    }

    private static JsonNode Comparable(CellResult result)
    {
        var node = JsonSerializer.SerializeToNode(result with { Shard = null }, Json)!;
        Strip(node);
        return node;
    }

    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                Array.ForEach(NotCompared, name => map.Remove(name));
                map.Select(property => property.Value).ToList().ForEach(Strip);
                break;
            case JsonArray list:
                list.ToList().ForEach(Strip);
                break;
        }
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
