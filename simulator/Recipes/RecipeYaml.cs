using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Parses the YAML of a recipe within limits: a document that nests, repeats itself by aliases, or grows without end is refused
/// before it takes memory. Recipes nest seven deep, so the limits are in nobody's way.
/// </summary>
internal static class RecipeYaml
{
    /// <summary>Most characters of a document.</summary>
    public const long MaxCharacters = 1L << 30;

    /// <summary>Most characters of one value.</summary>
    public const int MaxScalar = 16 << 20;

    /// <summary>Most values that aliases add to a document by standing for more than themselves.</summary>
    public const long MaxAliased = 10_000_000;

    /// <summary>Lists and mappings within each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>The root of the only document; RecipeInvalid with place and field when there is none.</summary>
    public static YamlNode Parse(string text, string source)
    {
        if (text.Length > MaxCharacters)
        {
            throw Error(source, Mark.Empty, "", $"the document has {text.Length} characters, and {MaxCharacters} are the most");
        }

        var stream = new YamlStream();
        var parser = new GuardedParser(new Parser(new StringReader(text.TrimStart('\uFEFF'))), source);
        try
        {
            stream.Load(parser);
        }
        catch (YamlException error)
        {
            throw Error(source, error.Start, parser.Field, $"the document is not valid YAML: {error.Message.TrimEnd('.')}");
        }
        catch (InvalidOperationException)
        {
            // The scanner's own assertion: some control characters in a flow mapping.
            throw Error(source, parser.Current?.Start ?? Mark.Empty, parser.Field, "there are characters that no YAML reader takes");
        }

        return stream.Documents.Count == 1 && !IsNothing(stream.Documents[0].RootNode)
            ? stream.Documents[0].RootNode
            : throw Error(source, new Mark(0, 1, 1), "", stream.Documents.Count <= 1
                ? "the document is empty; a recipe has at least one of the fields volume, trees and entries"
                : $"one document is expected, not {stream.Documents.Count}");
    }

    private static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    private static Exception Error(string source, Mark at, string field, string problem) =>
        RecipeNode.Error(source, at, field, problem);

    /// <summary>Watches the events go by, knowing the field that they belong to.</summary>
    private sealed class GuardedParser(IParser inner, string source) : IParser
    {
        private readonly Stack<Level> _levels = new();
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _anchors = new(StringComparer.Ordinal);
        private long _aliased;

        public ParsingEvent? Current => inner.Current;

        /// <summary>Where the parser is, as <c>entries[2].size</c>.</summary>
        public string Field
        {
            get
            {
                var path = new System.Text.StringBuilder();
                foreach (var level in _levels.Reverse())
                {
                    level.AppendTo(path);
                }

                return path.ToString();
            }
        }

        public bool MoveNext()
        {
            if (!inner.MoveNext())
            {
                return false;
            }

            switch (inner.Current)
            {
                case MappingStart or SequenceStart:
                    Open((NodeEvent)inner.Current);
                    break;
                case MappingEnd or SequenceEnd:
                    Close(_levels.Pop());
                    break;
                case Scalar scalar:
                    Check(scalar);
                    break;
                case AnchorAlias alias:
                    Check(alias);
                    break;
            }

            return true;
        }

        private void Open(NodeEvent start)
        {
            Next(start, "");
            var anchor = Anchor(start);
            if (_levels.Count == MaxDepth)
            {
                throw Error(source, start.Start, Field, $"lists and fields nest deeper than {MaxDepth} levels");
            }

            _ = anchor.Length > 0 && _open.Add(anchor);
            _levels.Push(new Level(start is MappingStart, anchor));
        }

        private void Check(Scalar scalar)
        {
            Next(scalar, scalar.Value);
            if (scalar.Value.Length > MaxScalar)
            {
                throw Error(source, scalar.Start, Field, $"a value has {scalar.Value.Length} characters, and {MaxScalar} are the most");
            }

            if (Anchor(scalar) is { Length: > 0 } anchor)
            {
                _anchors[anchor] = 1;
            }
        }

        private void Check(AnchorAlias alias)
        {
            Next(alias, "");
            if (_open.Contains(alias.Value.Value))
            {
                throw Error(source, alias.Start, Field, $"the alias '*{alias.Value}' lies within what it stands for, without end");
            }

            if (!_anchors.TryGetValue(alias.Value.Value, out var nodes))
            {
                throw Error(source, alias.Start, Field, $"the alias '*{alias.Value}' stands for nothing: no '&{alias.Value}' is above it");
            }

            // Lists of aliases of lists of aliases: each line multiplies what the reader would go through.
            _aliased += nodes - 1;
            if (_aliased > MaxAliased)
            {
                throw Error(source, alias.Start, Field, $"aliases make the document more than {MaxAliased} values larger");
            }

            if (_levels.TryPeek(out var level))
            {
                level.Nodes += nodes - 1;
            }
        }

        private void Close(Level level)
        {
            _ = _open.Remove(level.Anchor);
            if (level.Anchor.Length > 0)
            {
                _anchors[level.Anchor] = level.Nodes;
            }

            if (_levels.TryPeek(out var outer))
            {
                outer.Nodes += level.Nodes - 1;
            }
        }

        private static string Anchor(NodeEvent node) => node.Anchor.IsEmpty ? "" : node.Anchor.Value;

        private void Next(ParsingEvent node, string value)
        {
            if (!_levels.TryPeek(out var level))
            {
                return;
            }

            level.Nodes++;
            if (!level.TryNext(value))
            {
                _ = _levels.Pop();
                throw Error(source, node.Start, Field, $"the field '{value}' is there twice");
            }
        }
    }

    /// <summary>A mapping or list that is open.</summary>
    private sealed class Level(bool isMapping, string anchor)
    {
        private readonly HashSet<string> _keys = new(isMapping ? 8 : 0, StringComparer.Ordinal);
        private string _key = "";
        private bool _isValue = true;
        private int _index = -1;

        public string Anchor => anchor;

        /// <summary>Nodes within, those behind aliases included.</summary>
        public long Nodes { get; set; } = 1;

        /// <summary>Takes the next node, keys and values in turn; false for a key that was there.</summary>
        public bool TryNext(string value)
        {
            _isValue = !_isValue;
            if (!isMapping)
            {
                _index++;
                return true;
            }

            if (_isValue)
            {
                return true;
            }

            _key = value;
            return _keys.Add(value);
        }

        public void AppendTo(System.Text.StringBuilder path)
        {
            if (!isMapping)
            {
                _ = path.Append('[').Append(Math.Max(_index, 0)).Append(']');
            }
            else if (_isValue && _key.Length > 0)
            {
                _ = path.Append(path.Length == 0 ? "" : ".").Append(_key);
            }
        }
    }
}
