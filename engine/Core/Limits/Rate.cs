using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Engine.Limits;

/// <summary>Bytes that may pass in a second, 1 to 2^40. Immutable.</summary>
public readonly record struct Rate
{
    private const long Most = 1L << 40;

    /// <summary>Creates a rate; ArgumentInvalid outside of the range.</summary>
    public Rate(long bytesPerSecond)
    {
        BytesPerSecond = bytesPerSecond is >= 1 and <= Most
            ? bytesPerSecond
            : throw Invalid(bytesPerSecond.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Bytes in a second.</summary>
    public long BytesPerSecond { get; }

    /// <summary>Reads <c>512</c> (KiB/s, as restic has it), <c>512K</c>, <c>10M</c> or <c>1G</c>; ArgumentInvalid for anything else.</summary>
    public static Rate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'M' => 20, 'G' => 30, _ => 10 };
        var digits = text.Length > 0 && !char.IsAsciiDigit(text[^1]) && char.ToUpperInvariant(text[^1]) is 'K' or 'M' or 'G' ? text[..^1] : text;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 && number <= Most >> shift
            ? new Rate(number << shift)
            : throw Invalid(text);
    }

    private static BackupException Invalid(string text) => new(
        ErrorCode.ArgumentInvalid,
        $"'{text}' is no rate.",
        "Give KiB in a second as a whole number, or one with K, M or G, such as 512K or 10M; leave the option out for no limit.");
}
