using System.IO.Enumeration;
using Harness.Engine.Ports;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Lists blobs in ordinal order of their full names, one directory at a time. A directory is sorted as its name followed by
/// '/', which makes the order of the walk the order of the names ("a-b" before "a/b" before "a0").
/// </summary>
internal static class BlobTree
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <summary>Lists below the root the blobs that start with the prefix; nothing when the root does not exist.</summary>
    public static IEnumerable<VaultBlob> List(string root, string prefix)
    {
        int slash = prefix.LastIndexOf('/');
        string folder = prefix[..(slash + 1)];
        return Walk(Path.Join(root, folder), folder, prefix);
    }

    private static IEnumerable<VaultBlob> Walk(string directory, string folder, string prefix)
    {
        foreach (Item item in Read(directory, folder, prefix))
        {
            if (!item.IsDirectory)
            {
                yield return new VaultBlob(item.Key, item.LengthBytes);
                continue;
            }

            foreach (VaultBlob blob in Walk(Path.Join(directory, item.Name), item.Key, prefix))
            {
                yield return blob;
            }
        }
    }

    private static List<Item> Read(string directory, string folder, string prefix)
    {
        List<Item> items = [];
        try
        {
            FileSystemEnumerable<Item> entries = new(
                directory, (ref FileSystemEntry entry) => ToItem(ref entry, folder), Everything);
            items.AddRange(entries.Where(item => Matches(item, prefix)));
        }
        catch (Exception error) when (error is DirectoryNotFoundException || error.HResult == Errno.NotDirectory)
        {
            // The prefix names a folder that is not there, or a blob.
            return [];
        }

        items.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return items;
    }

    private static Item ToItem(ref FileSystemEntry entry, string folder)
    {
        string name = entry.FileName.ToString();
        return entry.IsDirectory
            ? new Item(name, folder + name + "/", IsDirectory: true, LengthBytes: 0)
            : new Item(name, folder + name, IsDirectory: false, entry.Length);
    }

    private static bool Matches(Item item, string prefix) =>
        item.Key.StartsWith(prefix, StringComparison.Ordinal)
        && BlobName.IsValid(item.IsDirectory ? item.Key.AsSpan()[..^1] : item.Key);

    /// <summary>One entry: its own name, and its full blob name, with a '/' behind a directory.</summary>
    private readonly record struct Item(string Name, string Key, bool IsDirectory, long LengthBytes);
}
