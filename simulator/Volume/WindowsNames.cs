using System.Buffers;

namespace Harness.Simulator.Volume;

/// <summary>
/// Which names Windows refuses ("Naming Files, Paths, and Namespaces"): reserved characters and devices, trailing dot or
/// space, more than 255 UTF-16 units.
/// </summary>
public static class WindowsNames
{
    /// <summary>Longest name in UTF-16 units.</summary>
    public const int MaxUnits = 255;

    private static readonly SearchValues<char> Reserved =
        SearchValues.Create([.. "\"*:<>?\\|", .. Enumerable.Range(0, ' ').Select(unit => (char)unit)]);

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Why Windows refuses a file name, as a clause of a sentence; null when it is fine.</summary>
    public static string? WhyInvalid(ReadOnlySpan<char> name)
    {
        if (WhyInvalidExtended(name) is { } reason)
        {
            return reason;
        }

        if (name[^1] is '.' or ' ')
        {
            return "the name ends in a dot or a space, which Windows strips";
        }

        return IsDevice(name) ? "the name is reserved for a Windows device" : null;
    }

    /// <summary>
    /// Why NTFS itself refuses a name, as with a <c>\\?\</c> path (MS-FSCC 2.1.5.2): reserved characters and length, while
    /// names of devices and a trailing dot or space are fine; null when it takes it.
    /// </summary>
    public static string? WhyInvalidExtended(ReadOnlySpan<char> name)
    {
        if (WhyInvalidAnywhere(name) is { } reason)
        {
            return reason;
        }

        return name.IndexOfAny(Reserved) is >= 0 and var at
            ? $"the name holds the character {Show(name[at])}, which Windows reserves"
            : null;
    }

    /// <summary>Why no file system here takes the name: empty, too long, "." or "..", or a separator within.</summary>
    public static string? WhyInvalidAnywhere(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "a name in the path is empty";
        }

        if (name is "." or "..")
        {
            return "'.' and '..' are no names";
        }

        return name.Length > MaxUnits ? $"the name has {name.Length} UTF-16 units, and {MaxUnits} are the most"
            : name.ContainsAny('/', '\0') ? "the name holds '/' or a null character" : null;
    }

    /// <summary>Why NTFS refuses a stream name; null when it is fine.</summary>
    public static string? WhyStreamInvalid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxUnits)
        {
            return $"a stream name has 1 to {MaxUnits} UTF-16 units";
        }

        return name.ContainsAny("/\\:\0") ? "a stream name holds no '/', '\\', ':' or null character" : null;
    }

    private static bool IsDevice(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        var stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        foreach (var device in Devices)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return stem.Length == 4
            && (stem[..3].Equals("COM", StringComparison.OrdinalIgnoreCase)
                || stem[..3].Equals("LPT", StringComparison.OrdinalIgnoreCase))
            && stem[3] is (>= '1' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3';
    }

    private static string Show(char character) => character < ' ' ? $"U+{(int)character:X4}" : $"'{character}'";
}
