namespace Harness.Scenarios.Yaml;

/// <summary>A place in a document.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public readonly record struct YamlMark(int Line, int Column);

/// <summary>A node of a YAML document that remembers where it stands.</summary>
/// <param name="Mark">Where it begins.</param>
public abstract record YamlNode(YamlMark Mark)
{
    /// <summary>What the node is, for error texts.</summary>
    public abstract string KindName { get; }
}

/// <summary>A scalar; every value is text until it is bound to a type.</summary>
/// <param name="Mark">Where it begins.</param>
/// <param name="Text">The value without quotes.</param>
/// <param name="IsQuoted">Whether it stood in quotes, so that null and numbers are text.</param>
public sealed record YamlScalar(YamlMark Mark, string Text, bool IsQuoted) : YamlNode(Mark)
{
    /// <inheritdoc/>
    public override string KindName => IsNull ? "nothing" : $"the value '{Text}'";

    /// <summary>An empty value.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null";
}

/// <summary>A list.</summary>
/// <param name="Mark">Where it begins.</param>
/// <param name="Items">The items in order.</param>
public sealed record YamlList(YamlMark Mark, IReadOnlyList<YamlNode> Items) : YamlNode(Mark)
{
    /// <inheritdoc/>
    public override string KindName => "a list";
}

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyMark">Where the key stands.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(string Key, YamlMark KeyMark, YamlNode Value);

/// <summary>A mapping; entries keep their order.</summary>
/// <param name="Mark">Where it begins.</param>
/// <param name="Entries">The entries in order; the first of two equal keys is kept.</param>
/// <param name="End">Where it ends: just behind its last character.</param>
public sealed record YamlMap(YamlMark Mark, IReadOnlyList<YamlEntry> Entries, YamlMark End) : YamlNode(Mark)
{
    /// <inheritdoc/>
    public override string KindName => "a mapping";

    /// <summary>The entry of a key, or null.</summary>
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}
