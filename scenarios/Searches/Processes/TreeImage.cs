using System.Globalization;
using System.Security.Cryptography;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>What a real directory tree holds: of each path the kind, and of a file its size, time of last write and digest.</summary>
internal sealed class TreeImage
{
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.Ordinal);

    private TreeImage()
    {
    }

    /// <summary>Entries in all.</summary>
    public int Count => _entries.Count;

    /// <summary>Reads a tree; one that is not there has no entries.</summary>
    public static TreeImage Of(string root)
    {
        var image = new TreeImage();
        var directory = new DirectoryInfo(root);
        foreach (var entry in directory.Exists ? directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories) : [])
        {
            image._entries[Path.GetRelativePath(root, entry.FullName)] = entry is FileInfo file
                ? string.Create(CultureInfo.InvariantCulture, $"file of {file.Length} bytes, written {file.LastWriteTimeUtc.Ticks}, {DigestOf(file)}")
                : "directory";
        }

        return image;
    }

    /// <summary>Where another tree differs, a sentence each.</summary>
    public IEnumerable<string> DifferencesTo(TreeImage actual) =>
        _entries.Where(entry => actual._entries.GetValueOrDefault(entry.Key) != entry.Value)
            .Select(entry => $"'{entry.Key}' is {actual._entries.GetValueOrDefault(entry.Key) ?? "missing"}, not {entry.Value}")
            .Concat(actual._entries.Keys.Where(path => !_entries.ContainsKey(path)).Select(path => $"'{path}' is too much"));

    private static string DigestOf(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
