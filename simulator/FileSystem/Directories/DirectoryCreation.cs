using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.FileSystem.Watching;

namespace Harness.Simulator.FileSystem.Directories;

/// <summary>CreateDirectory with those above, and the error of the first one that cannot be made.</summary>
internal static class DirectoryCreation
{
    public static void Create(SimFileSystem fileSystem, string fullPath)
    {
        var path = PathSyntax.TrimEndingSeparator(fullPath).ToString();
        var missing = new Stack<string>();
        for (var at = path; at is not null && !fileSystem.DirectoryExists(at); at = PathNames.Directory(at))
        {
            missing.Push(at);
        }

        if (missing.TryPeek(out var top) && PathSyntax.IsRoot(top))
        {
            // The drive or share is not there.
            fileSystem.Run(fullPath, follow: true, found => found.RequireAsDirectory());
        }

        foreach (var directory in missing)
        {
            Make(fileSystem, directory);
        }
    }

    private static void Make(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.Run(fullPath, follow: false, found =>
        {
            if (found.Exists && found.IsDirectory)
            {
                // Another thread was faster; to CreateDirectory that is no error.
                return;
            }

            if (found.Exists)
            {
                throw WindowsErrors.For(Win32Error.AlreadyExists, fullPath);
            }

            if (found.Error != Win32Error.FileNotFound || found.Stream.Length > 0)
            {
                throw WindowsErrors.For(
                    found.Error == Win32Error.FileNotFound ? Win32Error.InvalidName : found.Error, fullPath);
            }

            WindowsErrors.Guard(found.Volume, fullPath, () => found.Volume.CreateDirectory(found.Path));
            found.Session!.Publish(WatchNotice.Created(found.Path, isDirectory: true));
        });
}
