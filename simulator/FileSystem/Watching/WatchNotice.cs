namespace Harness.Simulator.FileSystem.Watching;

/// <summary>One change of a volume, as a watcher may report it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">Path on the volume.</param>
/// <param name="OldPath">Former path of what was renamed; else "".</param>
/// <param name="IsDirectory">Whether a directory changed.</param>
/// <param name="Filter">The filters any of which lets it through.</param>
internal readonly record struct WatchNotice(
    WatcherChangeTypes Kind, string Path, string OldPath, bool IsDirectory, NotifyFilters Filter)
{
    public static WatchNotice Created(string path, bool isDirectory) =>
        new(WatcherChangeTypes.Created, path, "", isDirectory, NameFilter(isDirectory));

    public static WatchNotice Deleted(string path, bool isDirectory) =>
        new(WatcherChangeTypes.Deleted, path, "", isDirectory, NameFilter(isDirectory));

    public static WatchNotice Renamed(string oldPath, string path, bool isDirectory) =>
        new(WatcherChangeTypes.Renamed, path, oldPath, isDirectory, NameFilter(isDirectory));

    public static WatchNotice Changed(string path, bool isDirectory, NotifyFilters filter) =>
        new(WatcherChangeTypes.Changed, path, "", isDirectory, filter);

    private static NotifyFilters NameFilter(bool isDirectory) =>
        isDirectory ? NotifyFilters.DirectoryName : NotifyFilters.FileName;
}
