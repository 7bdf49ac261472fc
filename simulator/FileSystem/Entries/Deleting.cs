using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Watching;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>DeleteFile and RemoveDirectory, with what .NET makes of their refusals.</summary>
internal static class Deleting
{
    /// <summary>Deletes a file or a named stream; what is not there is no error.</summary>
    public static void File(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.Run(fullPath, follow: false, found =>
        {
            if (found.Error == Win32Error.FileNotFound)
            {
                return;
            }

            found.Require();
            var error = found.IsDirectory && found.Stream.Length == 0 ? Win32Error.AccessDenied
                : found.Target.EndsInSeparator ? Win32Error.InvalidName
                : found.Has(FileAttributes.ReadOnly) && !found.IsDirectory ? Win32Error.AccessDenied
                : found.Session!.Opens.CheckDelete(found.Index);
            if (error != Win32Error.None)
            {
                throw WindowsErrors.For(error, fullPath);
            }

            Remove(fileSystem, found);
        });

    /// <summary>Deletes an empty directory; of a link only the link.</summary>
    public static void Directory(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.Run(fullPath, follow: false, found =>
        {
            found.RequireAsDirectory();
            if (!found.IsDirectory)
            {
                throw WindowsErrors.For(Win32Error.DirectoryName, fullPath);
            }

            if (found.IsRoot || found.Has(FileAttributes.ReadOnly))
            {
                // "This conversion was originally put in for Win9x. Keeping for compatibility."
                throw new IOException($"Access to the path '{fullPath}' is denied.");
            }

            if (found.Volume.RecordAt(found.Index).Extra?.Children is { Count: > 0 })
            {
                throw WindowsErrors.For(Win32Error.DirectoryNotEmpty, fullPath);
            }

            if (IsCurrent(fileSystem, fullPath) || found.Session!.Opens.CheckDelete(found.Index) != Win32Error.None)
            {
                throw WindowsErrors.For(Win32Error.SharingViolation, fullPath);
            }

            WindowsErrors.Guard(found.Volume, fullPath, () => found.Volume.Delete(found.Path));
            found.Session!.Publish(WatchNotice.Deleted(found.Path, isDirectory: true));
        });

    /// <summary>
    /// Deletes a directory with all below it. What cannot be deleted stays, the rest goes, and the first refusal is thrown at
    /// the end, naming the file alone, as .NET does.
    /// </summary>
    public static void Tree(SimFileSystem fileSystem, string fullPath)
    {
        var children = fileSystem.Run(fullPath, follow: false, found =>
        {
            found.RequireAsDirectory();
            if (!found.IsDirectory)
            {
                throw WindowsErrors.For(Win32Error.DirectoryName, fullPath);
            }

            var isLink = Resolver.LinkTarget(in found.Volume.RecordAt(found.Index)) is not null;
            return isLink ? [] : found.Volume.ItemsAt(found.Index).ConvertAll(item => (
                Name: found.Volume.Tables.Names.Get(item.NameRef),
                found.Volume.RecordAt(item.File).IsDirectory));
        });
        Exception? first = null;
        foreach (var (name, isDirectory) in children)
        {
            var failure = Try(fileSystem, Paths.PathNames.Join(fullPath, name), name, isDirectory);
            first ??= failure;
        }

        if (first is not null)
        {
            throw first;
        }

        Directory(fileSystem, fullPath);
    }

    /// <summary>Takes a name away, as it must be: at once, or when the last handle is closed. The caller has checked.</summary>
    public static void Remove(SimFileSystem fileSystem, Lookup found)
    {
        var volume = found.Volume;
        if (found.Stream.Length > 0)
        {
            WindowsErrors.Guard(volume, found.FullPath, () => volume.Delete($"{found.Path}:{found.Stream}"));
            return;
        }

        WindowsErrors.Guard(volume, found.FullPath, () => volume.Delete(found.Path, fileSystem.Options.Deletes));
        if (!volume.IsDeletePending(found.Place))
        {
            found.Session!.Publish(WatchNotice.Deleted(found.Path, isDirectory: false));
        }
    }

    private static Exception? Try(SimFileSystem fileSystem, string path, string name, bool isDirectory)
    {
        try
        {
            if (isDirectory)
            {
                Tree(fileSystem, path);
            }
            else
            {
                File(fileSystem, path);
            }

            return null;
        }
        catch (IOException failure) when (failure.GetType() == typeof(IOException) && !isDirectory)
        {
            return new IOException(failure.Message.Replace(path, name, StringComparison.Ordinal), failure.HResult);
        }
        catch (UnauthorizedAccessException) when (!isDirectory)
        {
            return WindowsErrors.For(Win32Error.AccessDenied, name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }

    /// <summary>A process holds its current directory open, without FileShare.Delete.</summary>
    private static bool IsCurrent(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.CurrentDirectory.TrimEnd('\\').Equals(fullPath.TrimEnd('\\'), StringComparison.OrdinalIgnoreCase);
}
