using System.IO.Abstractions;

namespace Harness.Simulator.FileSystem.Watching;

/// <summary>Makes <see cref="IFileSystemWatcher"/>.</summary>
internal sealed class SimFileSystemWatcherFactory(SimFileSystem fileSystem) : IFileSystemWatcherFactory
{
    public IFileSystemWatcher CreateNew() => new SimFileSystemWatcher(fileSystem);

    public IFileSystemWatcher CreateNew(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var watcher = new SimFileSystemWatcher(fileSystem);
        watcher.RequireDirectory(path, nameof(path));
        watcher.Path = path;
        return watcher;
    }

    public IFileSystemWatcher CreateNew(string path, string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var watcher = CreateNew(path);
        watcher.Filter = filter;
        return watcher;
    }
}
