using Harness.Engine.Errors;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>
/// A filter expression: terms joined by '&amp;' and '|', negated by '!', grouped by parentheses. Terms: <c>tag:x</c>,
/// <c>clause:x</c>, <c>area:x</c>, <c>id:x</c>, <c>vault:x</c>, <c>profile:x</c>, <c>axis=value</c>, all with '*' and '?'. A plain word
/// is a pattern of ids or, without wildcards, a part of the id, a tag, or a part of a clause.
/// </summary>
public sealed class CellFilter
{
    private static readonly string[] Keys = ["tag", "clause", "area", "id", "vault", "profile"];

    private readonly Func<PlannedCell, bool> _matches;

    private CellFilter(Func<PlannedCell, bool> matches) => _matches = matches;

    /// <summary>Parses; ArgumentInvalid says where the expression goes wrong.</summary>
    public static CellFilter Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var parser = new Parser(expression);
        return new CellFilter(parser.ReadAll());
    }

    /// <summary>Whether a cell is selected.</summary>
    public bool Matches(PlannedCell cell) => _matches(cell);

    private sealed class Parser(string text)
    {
        private const int MaxDepth = 64;

        private int _at;
        private int _depth;

        public Func<PlannedCell, bool> ReadAll()
        {
            var matches = ReadOr();
            return _at == text.Length ? matches : throw Wrong("something is left over");
        }

        private Func<PlannedCell, bool> ReadOr()
        {
            var left = ReadAnd();
            while (Take('|'))
            {
                var (a, b) = (left, ReadAnd());
                left = cell => a(cell) || b(cell);
            }

            return left;
        }

        private Func<PlannedCell, bool> ReadAnd()
        {
            var left = ReadNot();
            while (Take('&'))
            {
                var (a, b) = (left, ReadNot());
                left = cell => a(cell) && b(cell);
            }

            return left;
        }

        private Func<PlannedCell, bool> ReadNot()
        {
            if (++_depth > MaxDepth)
            {
                throw Wrong("it is nested too deeply");
            }

            try
            {
                if (Take('!'))
                {
                    var inner = ReadNot();
                    return cell => !inner(cell);
                }

                if (Take('('))
                {
                    var inner = ReadOr();
                    return Take(')') ? inner : throw Wrong("a ')' is missing");
                }

                return ReadTerm();
            }
            finally
            {
                _depth--;
            }
        }

        private Func<PlannedCell, bool> ReadTerm()
        {
            var from = _at;
            while (_at < text.Length && text[_at] is not (' ' or '&' or '|' or '!' or '(' or ')'))
            {
                _at++;
            }

            var word = text[from.._at];
            SkipSpace();
            if (word.Length == 0)
            {
                throw Wrong("a term is missing");
            }

            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !word.Contains('[', StringComparison.Ordinal))
            {
                return Keyed(word[..colon], word[(colon + 1)..], from);
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && !word.Contains('[', StringComparison.Ordinal))
            {
                var (axis, value) = (word[..equals], word[(equals + 1)..]);
                return cell => cell.Cell.Values.Any(v => v.Key == axis && Glob.MatchesId(value, v.Value.ToString()));
            }

            return Glob.HasWildcard(word)
                ? cell => Glob.MatchesId(word, cell.Scenario.Id) || Glob.MatchesId(word, cell.Cell.Id) || Glob.MatchesId(word, cell.Id)
                : cell => cell.Cell.Id.Contains(word, StringComparison.Ordinal)
                    || cell.Cell.Document.Tags.Contains(word)
                    || cell.Clauses.Any(clause => clause.Contains(word, StringComparison.Ordinal));
        }

        private Func<PlannedCell, bool> Keyed(string key, string pattern, int at) => key switch
        {
            "tag" => cell => cell.Cell.Document.Tags.Any(tag => Glob.MatchesId(pattern, tag)),
            "clause" => cell => cell.Clauses.Any(clause => Glob.MatchesId(pattern, clause)),
            "area" => cell => Glob.MatchesId(pattern, cell.Scenario.Area),
            "id" => cell => Glob.MatchesId(pattern, cell.Scenario.Id) || Glob.MatchesId(pattern, cell.Cell.Id),
            "vault" => cell => Glob.MatchesId(pattern, cell.Vault),
            "profile" => cell => Glob.MatchesId(pattern, cell.Cell.Document.Profile),
            _ => throw Wrong($"'{key}:' is not known.{DidYouMean.Hint(key, Keys)} {DidYouMean.Allowed(Keys.Select(k => k + ":"))}", at),
        };

        private bool Take(char wanted)
        {
            SkipSpace();
            if (_at >= text.Length || text[_at] != wanted)
            {
                return false;
            }

            _at++;
            if (wanted is '&' or '|' && _at < text.Length && text[_at] == wanted)
            {
                _at++;
            }

            SkipSpace();
            return true;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }
        }

        private BackupException Wrong(string what, int? at = null) => new(
            ErrorCode.ArgumentInvalid,
            $"The filter '{text}' goes wrong at character {(at ?? _at) + 1}: {what}.",
            "Write terms such as tag:skip, clause:file.*, area:cache, axis=value or an id pattern, joined by & and |, negated by !.");
    }
}
