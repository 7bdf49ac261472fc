using System.Globalization;

namespace Harness.Tests.Oracle;

/// <summary>What one step of a sequence does.</summary>
internal enum OracleKind
{
    Create,
    Write,
    Append,
    Truncate,
    Delete,
    Rename,
    Replace,
    MakeDirectory,
    Link,
    SetAttributes,
    SetTimes,
    SetSecurity,
    SetReparse,
    DeleteReparse,
    Compress,
    Decompress,
}

/// <summary>
/// One step as it is done to both volumes. A stream is <c>path:name</c>. Its text form is one line, so that a sequence can be
/// printed by a failing test and pasted into a new one.
/// </summary>
/// <param name="Kind">What is done.</param>
/// <param name="Path">To which path.</param>
/// <param name="Target">Second path of links and renames; else "".</param>
/// <param name="Offset">First byte of a write.</param>
/// <param name="Length">Bytes written, or the new size.</param>
/// <param name="Value">Seed of bytes, attribute bits, or the number of a prepared value.</param>
internal sealed record OracleOperation(
    OracleKind Kind, string Path, string Target = "", long Offset = 0, long Length = 0, uint Value = 0)
{
    private const char Separator = '|';

    /// <summary>Whether the path names a stream.</summary>
    public bool IsStream => Path.Contains(':', StringComparison.Ordinal);

    /// <summary>Reads the lines that <see cref="ToString"/> wrote; empty lines do not count.</summary>
    public static IReadOnlyList<OracleOperation> ParseScript(string script) =>
        [.. script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        Separator,
        Kind.ToString(),
        Path,
        Target,
        Offset.ToString(CultureInfo.InvariantCulture),
        Length.ToString(CultureInfo.InvariantCulture),
        "0x" + Value.ToString("x", CultureInfo.InvariantCulture));

    private static OracleOperation Parse(string line)
    {
        var parts = line.Split(Separator);
        return new OracleOperation(
            Enum.Parse<OracleKind>(parts[0]),
            parts[1],
            parts[2],
            long.Parse(parts[3], CultureInfo.InvariantCulture),
            long.Parse(parts[4], CultureInfo.InvariantCulture),
            uint.Parse(parts[5].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
