namespace Harness.Scenarios.Model;

/// <summary>A bound: a comparison and an amount, such as <c>&lt;= 1.05 * changed + 64KiB</c>.</summary>
public sealed class Budget
{
    private static readonly string[] Comparisons = ["<=", ">=", "==", "<", ">"];

    private readonly string _comparison;

    private Budget(string text, string comparison, Amount amount)
    {
        Text = text;
        _comparison = comparison;
        Amount = amount;
    }

    /// <summary>The bound as it was written.</summary>
    public string Text { get; }

    /// <summary>What is compared with.</summary>
    public Amount Amount { get; }

    /// <summary>Parses; <see cref="FormatException"/> says what is wrong and what is allowed.</summary>
    public static Budget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        var comparison = Array.Find(Comparisons, c => trimmed.StartsWith(c, StringComparison.Ordinal))
            ?? throw new FormatException(
                $"'{text}' is not a bound: it begins with no comparison. Allowed: <=, <, ==, >=, > and an amount, "
                + "such as '<= 1.05 * changed + 64KiB'.");
        return new Budget(text, comparison, Amount.Parse(trimmed[comparison.Length..].Trim()));
    }

    /// <summary>Whether a measured value keeps the bound, and the value of the bound itself.</summary>
    public (bool Holds, long Limit) Judge(long measured, Func<string, decimal> lookup)
    {
        var limit = Amount.Evaluate(lookup);
        var holds = _comparison switch
        {
            "<=" => measured <= limit,
            "<" => measured < limit,
            ">=" => measured >= limit,
            ">" => measured > limit,
            _ => measured == limit,
        };
        return (holds, limit);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
