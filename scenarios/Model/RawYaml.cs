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

    /// <summary>The part as a YAML document of its own.</summary>
    public string ToText() => YamlTextWriter.Write(Node);
}
