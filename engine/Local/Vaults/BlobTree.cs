using Harness.Engine.Ports;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// Lists blobs in ordinal order of their full names, one directory at a time. A directory is sorted as its name followed by
/// '/', which makes the order of the walk the order of the names ("a-b" before "a/b" before "a0").
/// </summary>
internal static class BlobTree
{
    /// <summary>Lists below the root the blobs that start with the prefix; nothing when the root does not exist.</summary>
    public static IEnumerable<VaultBlob> List(IVaultDisk disk, string root, string prefix)
    {
        int slash = prefix.LastIndexOf('/');
        string folder = prefix[..(slash + 1)];
        return Walk(disk, folder.Length == 0 ? root : disk.Join(root, folder[..^1]), folder, prefix);
    }

    private static IEnumerable<VaultBlob> Walk(IVaultDisk disk, string directory, string folder, string prefix)
    {
        foreach (Item item in Read(disk, directory, folder, prefix))
        {
            if (!item.IsDirectory)
            {
                yield return new VaultBlob(item.Key, item.LengthBytes);
                continue;
            }

            foreach (VaultBlob blob in Walk(disk, disk.Join(directory, item.Name), item.Key, prefix))
            {
                yield return blob;
            }
        }
    }

    /// <summary>Nothing when the prefix names a folder that is not there, or a blob.</summary>
    private static List<Item> Read(IVaultDisk disk, string directory, string folder, string prefix)
    {
        List<Item> items = disk.List(directory).ConvertAll(entry => ToItem(entry, folder));
        items.RemoveAll(item => !Matches(item, prefix));
        items.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return items;
    }

    private static Item ToItem(VaultDiskItem entry, string folder) => entry.IsDirectory
        ? new Item(entry.Name, folder + entry.Name + "/", IsDirectory: true, LengthBytes: 0)
        : new Item(entry.Name, folder + entry.Name, IsDirectory: false, entry.LengthBytes);

    private static bool Matches(Item item, string prefix) =>
        item.Key.StartsWith(prefix, StringComparison.Ordinal)
        && BlobName.IsValid(item.IsDirectory ? item.Key.AsSpan()[..^1] : item.Key);

    /// <summary>One entry: its own name, and its full blob name, with a '/' behind a directory.</summary>
    private sealed record Item(string Name, string Key, bool IsDirectory, long LengthBytes);
}
