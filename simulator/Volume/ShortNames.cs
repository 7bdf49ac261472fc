using System.Buffers;

namespace Harness.Simulator.Volume;

/// <summary>
/// Short (8.3) names as Windows makes them ("RtlGenerate8dot3Name function"; KB 142982, "How Windows generates 8.3 file
/// names from long file names"; MS-FSCC 2.1.5.2.1). The checksum after the fourth name is undocumented; it follows
/// T. Galvin's analysis of 2015 and his examples.
/// </summary>
public static class ShortNames
{
    private const int BaseUnits = 6;
    private const int ExtensionUnits = 3;
    private const int LastPlainNumber = 4;
    private const int CheckedUnits = 2;

    /// <summary>Characters that a short name has "_" for.</summary>
    private static readonly SearchValues<char> Replaced = SearchValues.Create("+,;=[]");

    /// <summary>Characters of ASCII that no short name has.</summary>
    private static readonly SearchValues<char> Illegal =
        SearchValues.Create([.. "\"*+,/:;<=>?[\\]| ", .. Enumerable.Range(0, ' ').Select(unit => (char)unit), '\x7F']);

    /// <summary>
    /// Whether a name is a short name itself, case aside: one to eight characters, and after a dot one to three, all of them
    /// ASCII ("RtlIsNameLegalDOS8Dot3 function").
    /// </summary>
    public static bool IsLegal(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        var stem = dot < 0 ? name : name[..dot];
        var extension = dot < 0 ? [] : name[(dot + 1)..];
        return stem.Length is >= 1 and <= 8
            && extension.Length <= ExtensionUnits
            && (dot < 0 || extension.Length > 0)
            && !extension.Contains('.')
            && !name.ContainsAny(Illegal)
            && !name.ContainsAnyExceptInRange('\0', '\x7F');
    }

    /// <summary>The short names of a long one in the order in which Windows tries them.</summary>
    /// <param name="name">A name that is not <see cref="IsLegal"/>.</param>
    public static IEnumerable<string> Candidates(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var trimmed = name.TrimStart('.', ' ');
        var dot = trimmed.TrimEnd('.', ' ').LastIndexOf('.');
        var stem = Taken(dot < 0 ? trimmed : trimmed[..dot], BaseUnits);
        var extension = dot < 0 ? "" : Taken(trimmed[(dot + 1)..], ExtensionUnits);
        var end = extension.Length == 0 ? "" : "." + extension;
        if (stem.Length > CheckedUnits)
        {
            for (var number = 1; number <= LastPlainNumber; number++)
            {
                yield return $"{stem}~{number}{end}";
            }
        }

        var marked = $"{stem[..Math.Min(CheckedUnits, stem.Length)]}{Checksum(name):X4}";
        for (var number = 1; number < 1_000_000; number++)
        {
            var tail = $"~{number}";
            yield return $"{marked[..Math.Min(marked.Length, 8 - tail.Length)]}{tail}{end}";
        }
    }

    private static string Taken(string text, int most) => string.Concat(
        text.Where(unit => unit is not (' ' or '.') and < '\x7F')
            .Select(unit => Replaced.Contains(unit) ? '_' : char.ToUpperInvariant(unit))
            .Take(most));

    private static ushort Checksum(string name)
    {
        unchecked
        {
            ushort sum = 0;
            foreach (var unit in name)
            {
                sum = (ushort)((sum * 0x25) + unit);
            }

            var mixed = sum * 314159269;
            mixed = mixed < 0 ? -mixed : mixed;
            mixed -= (int)((ulong)((long)mixed * 1152921497) >> 60) * 1000000007;
            sum = (ushort)mixed;
            return (ushort)(((sum & 0xF000) >> 12) | ((sum & 0x0F00) >> 4) | ((sum & 0x00F0) << 4) | ((sum & 0x000F) << 12));
        }
    }
}
