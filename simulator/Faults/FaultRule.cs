using System.Globalization;
using System.IO.Enumeration;

namespace Harness.Simulator.Faults;

/// <summary>
/// One fault by address: the calls of an operation on a key, counted from 1, of which one, all from one on, or all go wrong. Its text
/// is <c>OPERATION KEY ATTEMPT KIND</c>, for instance <c>vault.create packs/* 3 lost-ack</c>; an attempt is <c>3</c>, <c>3+</c> or <c>*</c>.
/// </summary>
/// <param name="Operation">One of <see cref="FaultCatalog.Kinds"/>.</param>
/// <param name="Key">What the call is about; <c>*</c> stands for any characters. No spaces.</param>
/// <param name="Attempt">The first call that goes wrong, 1 or more.</param>
/// <param name="AndLater">Whether all later ones do too.</param>
/// <param name="Kind">How.</param>
public sealed record FaultRule(string Operation, string Key, long Attempt, bool AndLater, FaultKind Kind)
{
    private const int Parts = 4;

    /// <summary>Reads the text form; <see cref="FormatException"/> says what is wrong with it.</summary>
    public static FaultRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Parts)
        {
            throw new FormatException($"'{text}' is no fault: OPERATION KEY ATTEMPT KIND is expected.");
        }

        if (!FaultCatalog.Kinds.TryGetValue(parts[0], out var kinds))
        {
            throw new FormatException($"'{parts[0]}' is no operation. Known: {string.Join(", ", FaultCatalog.Kinds.Keys.Order(StringComparer.Ordinal))}.");
        }

        if (FaultCatalog.KindOf(parts[3]) is not { } kind || !kinds.Contains(kind))
        {
            throw new FormatException($"'{parts[0]}' does not go wrong as '{parts[3]}'. Known: {string.Join(", ", kinds.Select(FaultCatalog.NameOf))}.");
        }

        var (attempt, andLater) = ParseAttempt(parts[2]);
        return new FaultRule(parts[0], parts[1], attempt, andLater, kind);
    }

    /// <summary>Whether a call is one of those that this rule counts.</summary>
    public bool Counts(string operation, string key) =>
        Operation == operation && FileSystemName.MatchesSimpleExpression(Key, key, ignoreCase: false);

    /// <summary>Whether the n-th call that it counts goes wrong.</summary>
    public bool Hits(long number) => number == Attempt || (AndLater && number > Attempt);

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        var attempt = AndLater && Attempt == 1 ? "*" : Attempt.ToString(CultureInfo.InvariantCulture) + (AndLater ? "+" : "");
        return $"{Operation} {Key} {attempt} {FaultCatalog.NameOf(Kind)}";
    }

    private static (long Attempt, bool AndLater) ParseAttempt(string text)
    {
        if (text == "*")
        {
            return (1, true);
        }

        var andLater = text.EndsWith('+');
        return long.TryParse(andLater ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (number, andLater)
            : throw new FormatException($"'{text}' is no attempt: 3, 3+ or * is expected.");
    }
}
