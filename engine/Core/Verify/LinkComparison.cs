using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Verify;

/// <summary>
/// Compares what preserve modes keep: reparse points, and which names lead to one file. Holds what it has seen of files of several
/// names only. Logical thread only.
/// </summary>
internal sealed class LinkComparison
{
    private readonly Dictionary<ulong, (ulong Source, string Path)> _files = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>How a reparse point differs.</summary>
    public static IEnumerable<SourceDifference> Of(EntryRecord record, SourceEntry entry)
    {
        if (record.Reparse is not { } expected)
        {
            yield break;
        }

        var actual = new ReparseContent(entry.ReparseTag ?? 0, entry.ReparseData, entry.Kind == EntryKind.Directory);
        if (!expected.SameAs(actual))
        {
            yield return new SourceDifference(
                entry.Path,
                "reparse",
                expected.Tag != actual.Tag ? $"tag 0x{expected.Tag:X8} in the recovery point, 0x{actual.Tag:X8} in the source"
                    : expected.IsDirectory != actual.IsDirectory ? $"on a {Word(expected)} in the recovery point, on a {Word(actual)} in the source"
                    : $"its data ({expected.Data.Length} bytes in the recovery point, {actual.Data.Length} in the source) is another");
        }
    }

    /// <summary>
    /// Takes a name of a file of several names: whether its content has been compared under another name already, and how it differs.
    /// </summary>
    public (bool IsKnown, SourceDifference? Difference) Add(EntryRecord record, SourceEntry entry)
    {
        _names.Add(entry.Path);
        if (_files.TryAdd(record.FileReference, (entry.FileReference, entry.Path)))
        {
            return (IsKnown: false, null);
        }

        var (source, path) = _files[record.FileReference];
        return source == entry.FileReference
            ? (IsKnown: true, null)
            : (IsKnown: false, new SourceDifference(
                entry.Path, "hard-links", $"one file with '{path}' in the recovery point, a file of its own in the source"));
    }

    /// <summary>Whether this is a name of a file of several names that did not come, while another name of it did.</summary>
    public bool LacksName(ulong fileReference, string path) => _files.ContainsKey(fileReference) && !_names.Contains(path);

    private static string Word(ReparseContent content) => content.IsDirectory ? "directory" : "file";
}
