using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Perf.Reporting;

/// <summary>Writes results: stable names in camelCase, and a Markdown table for people.</summary>
internal static class Results
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints one form and, when a directory is given, writes both there.</summary>
    public static void Write<T>(string name, T document, string markdown, bool asJson, DirectoryInfo? directory)
    {
        var json = JsonSerializer.Serialize(document, Json) + "\n";
        Console.Out.Write(asJson ? json : markdown);
        if (directory is not null)
        {
            directory.Create();
            File.WriteAllText(Path.Combine(directory.FullName, $"{name}.json"), json);
            File.WriteAllText(Path.Combine(directory.FullName, $"{name}.md"), markdown);
        }
    }

    /// <summary>The head of a Markdown result: what was measured, where and how.</summary>
    public static string Head(string title, Surroundings at) =>
        $"# {title}\n\n{at.MeasuredAt}, {at.Processors} processors, {at.MemoryGiB:0.#} GiB, {at.OperatingSystem}, "
        + $".NET {at.Runtime}, engine {at.Engine}, {at.Configuration}: `{at.Command}`\n\n";
}
