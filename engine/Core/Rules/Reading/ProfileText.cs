using System.Text.Json;
using Harness.Engine.Errors;

namespace Harness.Engine.Rules.Reading;

/// <summary>A JSON document of the rules with its name, for messages that say where something is wrong.</summary>
internal sealed class ProfileText(string name, byte[] utf8)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>File name for people.</summary>
    public string Name => name;

    /// <summary>Parses; ProfileInvalid with line and column for what is no JSON, or has a member twice.</summary>
    public ProfileNode Parse()
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return new ProfileNode(this, document.RootElement.Clone(), parent: null, name: "", index: -1);
        }
        catch (JsonException error)
        {
            var line = (error.LineNumber ?? 0) + 1;
            var column = (error.BytePositionInLine ?? 0) + 1;
            throw Wrong(line, column, error.Message.Split(" LineNumber:")[0].Split(" Path:")[0]);
        }
    }

    /// <summary>The error of a place, found again by its steps from the root.</summary>
    public BackupException Wrong(IReadOnlyList<(string Name, int Index)> steps, string what)
    {
        var at = JsonPlace.Find(utf8, steps);
        var before = utf8.AsSpan(0, at);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return Wrong(before.Count((byte)'\n') + 1, at - lineStart + 1, what);
    }

    private BackupException Wrong(long line, long column, string what) => new(
        ErrorCode.ProfileInvalid,
        $"{name}({line},{column}): {what}",
        "Correct the line; engine/Core/Rules/README.md says what a profile has.");
}
