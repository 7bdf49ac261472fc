using System.Globalization;

namespace Harness.Scenarios.Model;

/// <summary>
/// A sum of amounts and products over a few names, exact in decimal: <c>1.05 * changed + 64KiB</c>, <c>10% - 1</c>. There is
/// nothing else: no scripts. A percentage is of the name <c>protected</c>.
/// </summary>
public sealed class Amount
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["B"] = 1,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    private readonly Func<Func<string, decimal>, decimal> _evaluate;

    private Amount(string text, Func<Func<string, decimal>, decimal> evaluate, IReadOnlyList<string> names)
    {
        Text = text;
        _evaluate = evaluate;
        Names = names;
    }

    /// <summary>The amount as it was written.</summary>
    public string Text { get; }

    /// <summary>The names in it: changed, protected, or size(PATH).</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Parses; <see cref="FormatException"/> says what is wrong and what is allowed.</summary>
    public static Amount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new Parser(text);
        var evaluate = parser.ReadSum();
        parser.RequireEnd();
        return new Amount(text, evaluate, parser.Names);
    }

    /// <summary>The value, rounded up to a whole number of bytes.</summary>
    /// <param name="lookup">Values of the names.</param>
    public long Evaluate(Func<string, decimal> lookup) => (long)decimal.Ceiling(_evaluate(lookup));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private sealed class Parser(string text)
    {
        private int _at;

        public List<string> Names { get; } = [];

        public Func<Func<string, decimal>, decimal> ReadSum()
        {
            var left = ReadProduct();
            while (true)
            {
                if (Take('+'))
                {
                    var (a, b) = (left, ReadProduct());
                    left = names => a(names) + b(names);
                }
                else if (Take('-'))
                {
                    var (a, b) = (left, ReadProduct());
                    left = names => a(names) - b(names);
                }
                else
                {
                    return left;
                }
            }
        }

        public void RequireEnd()
        {
            SkipSpace();
            if (_at < text.Length)
            {
                throw Wrong($"'{text[_at..]}' is left over");
            }
        }

        private Func<Func<string, decimal>, decimal> ReadProduct()
        {
            var left = ReadFactor();
            while (Take('*'))
            {
                var (a, b) = (left, ReadFactor());
                left = names => a(names) * b(names);
            }

            return left;
        }

        private Func<Func<string, decimal>, decimal> ReadFactor()
        {
            SkipSpace();
            if (Take('('))
            {
                var inner = ReadSum();
                return Take(')') ? inner : throw Wrong("a ')' is missing");
            }

            if (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                return ReadNumber();
            }

            var word = ReadWord();
            if (word is "changed" or "protected")
            {
                Names.Add(word);
                return names => names(word);
            }

            if (word == "size" && Take('('))
            {
                var end = text.IndexOf(')', _at);
                var path = end < 0 ? throw Wrong("a ')' is missing") : text[_at..end].Trim();
                _at = end + 1;
                Names.Add($"size({path})");
                return names => names($"size({path})");
            }

            throw Wrong(word.Length == 0 ? "a number or a name is missing" : $"the name '{word}' is not known");
        }

        private Func<Func<string, decimal>, decimal> ReadNumber()
        {
            var from = _at;
            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or '_' or ','))
            {
                _at++;
            }

            var digits = text[from.._at];
            if (!decimal.TryParse(
                digits.Replace("_", "", StringComparison.Ordinal),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number))
            {
                throw Wrong($"'{digits}' is not a number");
            }

            if (Take('%'))
            {
                Names.Add("protected");
                return names => number / 100 * names("protected");
            }

            var unit = ReadWord();
            if (unit.Length == 0)
            {
                return _ => number;
            }

            return Units.TryGetValue(unit, out var factor)
                ? _ => number * factor
                : throw Wrong($"the unit '{unit}' is not known");
        }

        private string ReadWord()
        {
            SkipSpace();
            var from = _at;
            while (_at < text.Length && char.IsAsciiLetter(text[_at]))
            {
                _at++;
            }

            return text[from.._at];
        }

        private bool Take(char wanted)
        {
            SkipSpace();
            if (_at < text.Length && text[_at] == wanted)
            {
                _at++;
                return true;
            }

            return false;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }
        }

        private FormatException Wrong(string what) => new(
            $"'{text}' is not an amount: {what}. Allowed: sums and products of numbers with B, KiB, MiB, GiB, TiB or %, "
            + "changed, protected, size(PATH).");
    }
}
