using System.Runtime.CompilerServices;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Model;

/// <summary>
/// A part of the document that another reader understands, such as a simulator recipe. Its text is padded so that line and
/// column of that reader's errors are those of the scenario file.
/// </summary>
/// <param name="Node">The part as nodes, axis values already in place.</param>
public sealed record RawYaml(YamlNode Node)
{
    /// <summary>The name when the part is one word, else null.</summary>
    public string? Name => (Node as YamlScalar)?.Text;

    /// <summary>
    /// Takes a part that is written in C# source, best in a raw string literal; ScenarioInvalid with the file and line of the
    /// source when it is no YAML.
    /// </summary>
    /// <param name="text">The part, such as a simulator recipe.</param>
    /// <param name="file">The source file; the compiler gives it.</param>
    /// <param name="line">The line of the call; the compiler gives it.</param>
    public static RawYaml Parse(string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        var problems = new ProblemList(file);

        // A raw string literal begins on the line after the call, so lines of the text become lines of the source.
        var above = text.Contains('\n', StringComparison.Ordinal) ? line : line - 1;
        var node = YamlTreeReader.Read(new string('\n', Math.Max(0, above)) + text, problems);
        return node is not null && !problems.Any ? new RawYaml(node) : throw ProblemList.ToException(problems.Problems);
    }

    /// <summary>The part as a YAML document of its own.</summary>
    public string ToText() => YamlTextWriter.Write(Node);
}
