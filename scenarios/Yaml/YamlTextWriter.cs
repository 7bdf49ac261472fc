using System.Text;

namespace Harness.Scenarios.Yaml;

/// <summary>
/// Writes nodes back as YAML in flow style, each value in its original line and, where room allows, column: flow style lets
/// white space stand anywhere, so another reader's errors point into the original file.
/// </summary>
public static class YamlTextWriter
{
    /// <summary>Writes a node as a document.</summary>
    public static string Write(YamlNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var cursor = new Cursor();
        WriteNode(node, cursor);
        return cursor.ToString();
    }

    private static void WriteNode(YamlNode node, Cursor cursor)
    {
        switch (node)
        {
            case YamlMap map:
                cursor.Put("{");
                foreach (var entry in map.Entries)
                {
                    cursor.MoveTo(entry.KeyMark);
                    cursor.Put(Quote(entry.Key));
                    cursor.Put(": ");
                    WriteNode(entry.Value, cursor);
                    cursor.Put(", ");
                }

                cursor.Put("}");
                break;
            case YamlList list:
                cursor.Put("[");
                foreach (var item in list.Items)
                {
                    cursor.MoveTo(item.Mark);
                    WriteNode(item, cursor);
                    cursor.Put(", ");
                }

                cursor.Put("]");
                break;
            case YamlScalar scalar:
                cursor.MoveTo(scalar.Mark);
                cursor.Put(scalar.IsQuoted || !IsPlain(scalar.Text) ? Quote(scalar.Text) : scalar.Text);
                break;
        }
    }

    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-' or '+')
        && text[0] is not '-' and not '+' and not '.';

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append($"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private sealed class Cursor
    {
        private readonly StringBuilder _text = new();
        private int _line = 1;
        private int _column = 1;

        public void MoveTo(YamlMark mark)
        {
            for (; _line < mark.Line; _line++)
            {
                _text.Append('\n');
                _column = 1;
            }

            if (_line == mark.Line && _column < mark.Column)
            {
                _text.Append(' ', mark.Column - _column);
                _column = mark.Column;
            }
        }

        public void Put(string text)
        {
            _text.Append(text);
            _column += text.Length;
        }

        public override string ToString() => _text.ToString();
    }
}
