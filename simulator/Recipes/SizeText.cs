using System.Globalization;

namespace Harness.Simulator.Recipes;

/// <summary>
/// Sizes in documents: <c>4KiB</c>, <c>1.5MiB</c>, <c>54400GB</c>, <c>700B</c>, or a plain number of bytes. KB, MB, GB and TB are
/// powers of 1024 like KiB to TiB, as the default profile reads the published "GB" (clause <c>option.gigabyte</c>).
/// </summary>
public static class SizeText
{
    /// <summary>The form that a schema may check.</summary>
    public const string Pattern = @"^[0-9]+(\.[0-9]+)? ?([KMGTP]i?)?B?$";

    /// <summary>Reads a size; false when the text is none, or is no whole number of bytes, or exceeds 8 EiB.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var digits = text.AsSpan().Trim();
        var end = digits.LastIndexOfAnyInRange('0', '9') + 1;
        var unit = digits[end..].Trim();
        unit = unit.EndsWith("B") ? unit[..^1] : unit;
        unit = unit.Length == 2 && unit[1] == 'i' ? unit[..1] : unit;
        var power = unit.Length == 0 ? 0 : unit.Length == 1 ? "KMGTP".IndexOf(unit[0], StringComparison.Ordinal) + 1 : 0;
        if ((unit.Length > 0 && power == 0)
            || !decimal.TryParse(digits[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue)
        {
            return false;
        }

        var scaled = number * (1L << (10 * power));
        if (scaled > long.MaxValue || decimal.Truncate(scaled) != scaled)
        {
            return false;
        }

        bytes = (long)scaled;
        return true;
    }

    /// <summary>A size for people: the largest binary unit that leaves at least 1, with up to two decimals.</summary>
    public static string Format(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        decimal value = bytes;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, 2):0.##} {units[unit]}");
    }
}
