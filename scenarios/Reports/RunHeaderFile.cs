using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Reports;

/// <summary>Reads and writes run.json.</summary>
public static class RunHeaderFile
{
    /// <summary>The file's name within the out directory.</summary>
    public const string FileName = "run.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes it in one step: a reader sees the file as it was or as it is.</summary>
    public static void Write(string directory, RunHeader header)
    {
        var part = Path.Combine(directory, $".{FileName}-{Environment.ProcessId}");
        File.WriteAllText(part, JsonSerializer.Serialize(header, Json) + "\n");
        File.Move(part, Path.Combine(directory, FileName), overwrite: true);
    }

    /// <summary>The header of a directory; null when it has none. ArgumentInvalid with line and column for a damaged one.</summary>
    public static RunHeader? Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var header = JsonSerializer.Deserialize<RunHeader>(File.ReadAllText(file), Json)
                ?? throw new JsonException("it is empty");
            return header.Format == RunHeader.PresentFormat
                ? header
                : throw new JsonException($"format {header.Format} is not known here");
        }
        catch (JsonException error)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"{file}:{(error.LineNumber ?? 0) + 1}:{(error.BytePositionInLine ?? 0) + 1}: this is no description of a run: {JsonFault.Text(error)}",
                "Run that part again.",
                inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorCode.FileInaccessible, $"'{file}' cannot be read: {error.Message}", inner: error);
        }
    }
}
