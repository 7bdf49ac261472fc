using Harness.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace Harness.Tests.Mutants;

/// <summary>Reads mutants.yaml.</summary>
internal static class MutantList
{
    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<Mutant> Read()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Mutants", "mutants.yaml"))));
        return [.. ((YamlSequenceNode)stream.Documents[0].RootNode).Cast<YamlMappingNode>().Select(MutantOf)];
    }

    private static Mutant MutantOf(YamlMappingNode node)
    {
        var more = node.Children.TryGetValue("and", out var and) ? ((YamlSequenceNode)and).Cast<YamlMappingNode>() : [];
        return new Mutant(
            Text(node, "id"),
            Text(node, "file"),
            [.. more.Prepend(node).Select(edit => (Text(edit, "text"), edit.Children.ContainsKey("with") ? Text(edit, "with") : ""))],
            Text(node, "why"),
            [.. ((YamlSequenceNode)node["tests"]).Select(test => ((YamlScalarNode)test).Value!)]);
    }

    private static string Text(YamlMappingNode node, string field) => ((YamlScalarNode)node[field]).Value!;
}
