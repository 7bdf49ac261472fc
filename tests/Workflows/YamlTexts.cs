using YamlDotNet.RepresentationModel;

namespace Harness.Tests.Workflows;

/// <summary>Every text in YAML documents; a parser reads them, so what is no YAML throws.</summary>
internal static class YamlTexts
{
    internal static IEnumerable<string> In(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.SelectMany(document => TextsOf(document.RootNode));
    }

    private static IEnumerable<string> TextsOf(YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode list => list.Children.SelectMany(TextsOf),
        YamlMappingNode map => map.Children.Values.SelectMany(TextsOf),
        _ => [],
    };
}
