using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Engine.Limits;

/// <summary>Bytes that may pass in a second, 1 to 2^40. Immutable.</summary>
public readonly record struct Rate
{
    private const long Most = 1L << 40;
    private const int LongestNumber = 20;

    /// <summary>Creates a rate; ArgumentInvalid outside of the range.</summary>
    public Rate(long bytesPerSecond)
    {
        BytesPerSecond = bytesPerSecond is >= 1 and <= Most
            ? bytesPerSecond
            : throw Invalid(
                bytesPerSecond.ToString(CultureInfo.InvariantCulture),
                "a limit is from 1 byte to 1 TiB in a second; leave it out for no limit");
    }

    /// <summary>Bytes in a second.</summary>
    public long BytesPerSecond { get; }

    /// <summary>
    /// Reads a number, which may have decimals, and a unit: <c>B</c>; <c>K</c>, <c>M</c>, <c>G</c> or <c>KiB</c>, <c>MiB</c>,
    /// <c>GiB</c> of 1,024; <c>kB</c>, <c>MB</c>, <c>GB</c> of 1,000; <c>kbit</c>, <c>Mbit</c>, <c>Gbit</c> of 1,000 bits. None is
    /// KiB, as restic has it. A blank before it and <c>/s</c> behind it may stand or not. ArgumentInvalid, with the rule that is
    /// broken, for anything else; also for <c>Mbps</c> and <c>Mb</c>, which some read as bits and others as bytes.
    /// </summary>
    public static Rate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        var digits = trimmed.Length - trimmed.TrimStart("0123456789.".ToCharArray()).Length;
        var unit = trimmed[digits..].TrimStart();
        if (digits is 0 or > LongestNumber
            || !decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            throw Invalid(text, "it does not begin with a number such as 512 or 1.5");
        }

        var bytes = number * (BytesOf(unit) ?? throw Invalid(text, WhyNot(unit)));
        return bytes is >= 1 and <= Most
            ? new Rate((long)bytes)
            : throw Invalid(text, "a limit is from 1 byte to 1 TiB in a second; leave it out for no limit");
    }

    private static decimal? BytesOf(string unit) => (unit.EndsWith("/s", StringComparison.Ordinal) ? unit[..^2] : unit) switch
    {
        "" => 1 << 10,
        "B" => 1,
        "K" or "k" or "KiB" => 1 << 10,
        "M" or "m" or "MiB" => 1 << 20,
        "G" or "g" or "GiB" => 1 << 30,
        "kB" or "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "bit" => 1m / 8,
        "kbit" or "Kbit" => 1_000m / 8,
        "Mbit" => 1_000_000m / 8,
        "Gbit" => 1_000_000_000m / 8,
        _ => null,
    };

    private static string WhyNot(string unit) =>
        unit.EndsWith('b') || unit.EndsWith("b/s", StringComparison.Ordinal) || unit.EndsWith("bps", StringComparison.OrdinalIgnoreCase)
            ? $"'{unit}' may mean bits or bytes"
            : $"'{unit}' is no unit";

    private static BackupException Invalid(string text, string why) => new(
        ErrorCode.ArgumentInvalid,
        $"'{text}' is no rate: {why}.",
        "Give a number with K, M or G (of 1,024), kB, MB or GB (of 1,000), or kbit, Mbit or Gbit, such as 512K, 1.5M, 10MB/s or 100Mbit/s.");
}
