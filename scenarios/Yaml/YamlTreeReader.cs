using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Reads one YAML document into nodes with marks. Stricter than YAML: one document, no anchors, aliases or tags, keys are
/// plain words and never repeat. Depth and size are bounded, since the text comes from outside.
/// </summary>
public static class YamlTreeReader
{
    private const int MaxDepth = 32;
    private const int MaxCharacters = 1 << 20;

    /// <summary>Reads the text; null after a syntax error or an empty document, with the problem recorded.</summary>
    public static YamlNode? Read(string text, ProblemList problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(problems);
        if (text.Length > MaxCharacters)
        {
            problems.Add(new YamlMark(1, 1), $"The document is longer than {MaxCharacters} characters.");
            return null;
        }

        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                problems.Add(new YamlMark(1, 1), "The document is empty.");
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, problems, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                problems.Add(ToMark(second.Start), "A file holds one document; start a file of its own for the second.");
            }

            return root;
        }
        catch (YamlException error)
        {
            problems.Add(ToMark(error.Start), $"This is not valid YAML: {error.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner's own assertion: some control characters in a flow mapping.
            problems.Add(new YamlMark(1, 1), "This is not valid YAML: there are characters that no YAML reader takes.");
            return null;
        }
    }

    private static YamlNode ReadNode(IParser parser, ProblemList problems, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"more than {MaxDepth} levels deep");
        }

        switch (parser.Current)
        {
            case Scalar scalar:
                parser.MoveNext();
                RefuseDecoration(scalar, problems);
                return new YamlScalar(ToMark(scalar.Start), scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart start:
                parser.MoveNext();
                RefuseDecoration(start, problems);
                var items = new List<YamlNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(ReadNode(parser, problems, depth + 1));
                }

                return new YamlList(ToMark(start.Start), items);
            case MappingStart start:
                parser.MoveNext();
                RefuseDecoration(start, problems);
                return ReadMap(parser, start, problems, depth);
            default:
                var found = parser.Current!;
                throw new YamlException(
                    found.Start, found.End, "anchors and aliases are not used here; write the value out");
        }
    }

    private static YamlMap ReadMap(IParser parser, MappingStart start, ProblemList problems, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, YamlMark>(StringComparer.Ordinal);
        while (parser.Current is not MappingEnd)
        {
            var key = parser.Consume<Scalar>();
            var mark = ToMark(key.Start);
            var value = ReadNode(parser, problems, depth + 1);
            if (seen.TryGetValue(key.Value, out var first))
            {
                problems.Add(mark, $"The key '{key.Value}' stands here twice (first in line {first.Line}).");
                continue;
            }

            seen.Add(key.Value, mark);
            entries.Add(new YamlEntry(key.Value, mark, value));
        }

        var end = parser.Consume<MappingEnd>();
        return new YamlMap(ToMark(start.Start), entries, ToMark(end.End));
    }

    private static void RefuseDecoration(NodeEvent node, ProblemList problems)
    {
        if (!node.Anchor.IsEmpty)
        {
            problems.Add(ToMark(node.Start), "Anchors are not used here; write the value out.");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            problems.Add(ToMark(node.Start), "Tags are not used here.");
        }
    }

    private static YamlMark ToMark(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
