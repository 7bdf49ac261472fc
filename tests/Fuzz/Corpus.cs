using System.Security.Cryptography;
using Harness.Tests.Architecture;

namespace Harness.Tests.Fuzz;

/// <summary>The inputs that the repository keeps: one folder for each parser, one file for each input.</summary>
internal static class Corpus
{
    /// <summary>Most bytes of all of it.</summary>
    public const long MostBytes = 300 << 10;

    /// <summary>Where it is.</summary>
    public static string Root { get; } = Path.Combine(SourceTree.Root, "tests", "Fuzz", "corpus");

    /// <summary>Names of the parsers that have inputs.</summary>
    public static IEnumerable<string> Parsers => Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)!);

    /// <summary>Bytes of all inputs.</summary>
    public static long TotalBytes => new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>The inputs of a parser, by the names of their files.</summary>
    public static IReadOnlyList<(string Name, byte[] Input)> Of(string parser)
    {
        var folder = Path.Combine(Root, parser);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
    }

    /// <summary>Keeps an input; returns its file.</summary>
    public static string Keep(string parser, string kind, byte[] input)
    {
        var folder = Path.Combine(Root, parser);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        return file;
    }
}
