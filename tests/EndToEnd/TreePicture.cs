using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;

namespace Harness.Tests.EndToEnd;

/// <summary>
/// What a tree holds as the system's own tools see it, none of it read by our code: kind, size, permissions, owner, time of last
/// write to the nanosecond, a digest of the content, and the space of sparse files.
/// </summary>
internal static class TreePicture
{
    private const int FieldCount = 8;

    /// <summary>One line by path; special files and links are there too, without content.</summary>
    internal static SortedDictionary<string, string> Of(string root)
    {
        var picture = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var fields = Find(root);
        for (var i = 0; i + FieldCount <= fields.Length; i += FieldCount)
        {
            var (path, kind, size, mode) = (fields[i], fields[i + 1], fields[i + 2], fields[i + 3]);
            var common = $"mode {mode}, owner {fields[i + 4]}:{fields[i + 5]}, written {fields[i + 6]}";
            var isSparse = path.StartsWith("sparse-", StringComparison.Ordinal);
            picture[path] = kind == "f"
                ? $"file of {size} bytes, {common}, {DigestOf(Path.Combine(root, path))}"
                    + (isSparse ? $", {fields[i + 7]} blocks" : "")
                : $"kind {kind}, {common}";
        }

        return picture;
    }

    /// <summary>Every difference in words: what is missing, what is there too much, what is otherwise.</summary>
    internal static IReadOnlyList<string> Differences(
        SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, IEnumerable<string> leftOut)
    {
        var without = leftOut.ToHashSet(StringComparer.Ordinal);
        var differences = expected.Where(pair => !without.Contains(pair.Key))
            .Where(pair => actual.GetValueOrDefault(pair.Key) != pair.Value)
            .Select(pair => $"'{pair.Key}' is {actual.GetValueOrDefault(pair.Key) ?? "missing"}, not {pair.Value}").ToList();
        differences.AddRange(
            actual.Keys.Where(path => without.Contains(path) || !expected.ContainsKey(path)).Select(path => $"'{path}' is too much"));
        return differences;
    }

    private static string[] Find(string root)
    {
        using var find = Process.Start(new ProcessStartInfo(
            "find", [root, "-printf", @"%P\0%y\0%s\0%m\0%U\0%G\0%T@\0%b\0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
        var text = find.StandardOutput.ReadToEnd();
        find.WaitForExit();
        Assert.That(find.ExitCode, Is.Zero);
        return text.Split('\0');
    }

    private static string DigestOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
