using System.Runtime.CompilerServices;

namespace Harness.Simulator.FileSystem.Watching;

/// <summary>
/// Event arguments with Windows paths. The runtime's own constructors join with the host's separator and its current
/// directory, and the properties cannot be set, so the fields are put right.
/// </summary>
internal static class WatchEvents
{
    public static FileSystemEventArgs Of(WatcherChangeTypes kind, string directory, string name)
    {
        var args = new FileSystemEventArgs(kind, directory, name);
        FullPath(args) = Paths.PathNames.Join(directory, name);
        return args;
    }

    public static RenamedEventArgs Renamed(string directory, string name, string oldName)
    {
        var args = new RenamedEventArgs(WatcherChangeTypes.Renamed, directory, name, oldName);
        FullPath(args) = Paths.PathNames.Join(directory, name);
        OldFullPath(args) = Paths.PathNames.Join(directory, oldName);
        return args;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_fullPath")]
    private static extern ref string FullPath(FileSystemEventArgs args);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_oldFullPath")]
    private static extern ref string OldFullPath(RenamedEventArgs args);
}
