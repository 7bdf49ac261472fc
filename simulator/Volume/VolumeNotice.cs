namespace Harness.Simulator.Volume;

/// <summary>One change of a live volume, as ReadDirectoryChangesW would report it.</summary>
/// <param name="Kind">What happened. A move to another directory is a deletion and a creation, as on Windows.</param>
/// <param name="Path">Path on the volume.</param>
/// <param name="OldPath">Former path of what was renamed; else "".</param>
/// <param name="IsDirectory">Whether a directory changed.</param>
/// <param name="Filter">What changed, in the terms of FILE_NOTIFY_CHANGE.</param>
public readonly record struct VolumeNotice(
    WatcherChangeTypes Kind, string Path, string OldPath, bool IsDirectory, NotifyFilters Filter)
{
    internal static VolumeNotice Created(string path, bool isDirectory) =>
        new(WatcherChangeTypes.Created, path, "", isDirectory, NameFilter(isDirectory));

    internal static VolumeNotice Deleted(string path, bool isDirectory) =>
        new(WatcherChangeTypes.Deleted, path, "", isDirectory, NameFilter(isDirectory));

    internal static VolumeNotice Renamed(string oldPath, string path, bool isDirectory) =>
        new(WatcherChangeTypes.Renamed, path, oldPath, isDirectory, NameFilter(isDirectory));

    internal static VolumeNotice Changed(string path, bool isDirectory, NotifyFilters filter) =>
        new(WatcherChangeTypes.Changed, path, "", isDirectory, filter);

    private static NotifyFilters NameFilter(bool isDirectory) =>
        isDirectory ? NotifyFilters.DirectoryName : NotifyFilters.FileName;
}
