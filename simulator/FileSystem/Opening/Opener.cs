using Harness.Simulator.FileSystem.Entries;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Opening;

/// <summary>
/// CreateFile: modes, attributes and share modes decide; then the file is made, emptied or left, and one handle more is open.
/// </summary>
internal static class Opener
{
    public static FileHandle Open(SimFileSystem fileSystem, OpenRequest request) =>
        fileSystem.Run(request.FullPath, follow: true, found =>
        {
            if (found.Exists)
            {
                Admit(found, request);
                if (request.Truncates)
                {
                    Empty(found, request);
                }
            }
            else
            {
                RequireCreatable(found, request);
                found = Create(found, request);
            }

            return new FileHandle(fileSystem, found.Session!, Handle(fileSystem, found, request), request);
        });

    private static VolumeHandle Handle(SimFileSystem fileSystem, Lookup found, OpenRequest request)
    {
        var options = (request.Options & FileOptions.DeleteOnClose) == FileOptions.None ? OpenOptions.None
            : fileSystem.Options.Deletes == DeleteBehavior.NameGoesAtOnce ? OpenOptions.DeleteOnClose | OpenOptions.PosixDelete
            : OpenOptions.DeleteOnClose;
        return WindowsErrors.Guard(found.Volume, request.FullPath, () => found.Volume.OpenAt(
            found.Path, found.Place, StoredStream(found), request.Access, request.Share, options));
    }

    private static void Admit(Lookup found, OpenRequest request)
    {
        var deletes = (request.Options & FileOptions.DeleteOnClose) != FileOptions.None;
        var error =
            found.IsDirectory && found.Stream.Length == 0 ? Win32Error.AccessDenied
            : found.Target.EndsInSeparator ? Win32Error.InvalidName
            : request.Mode == FileMode.CreateNew ? Win32Error.FileExists
            : (request.Writes || deletes) && found.Volume.IsReadOnly ? Win32Error.WriteProtect
            : (request.Writes || deletes) && !found.IsDirectory && found.Has(FileAttributes.ReadOnly) ? Win32Error.AccessDenied
            // CREATE_ALWAYS and TRUNCATE_EXISTING are refused where the file has these and the caller does not ask for them.
            : request.Truncates && found.Stream.Length == 0 && found.Has(FileAttributes.Hidden | FileAttributes.System)
                ? Win32Error.AccessDenied
            : found.Session!.Opens.Check(found.Index, found.Stream, request.Access, request.Share, deletes);
        if (error != Win32Error.None)
        {
            throw WindowsErrors.For(error, request.FullPath);
        }
    }

    private static void RequireCreatable(Lookup found, OpenRequest request)
    {
        if (found.Error != Win32Error.FileNotFound || !request.Creates)
        {
            // .NET: "NT5 oddity - when trying to open C:\ as a file, we usually get ERROR_PATH_NOT_FOUND from the OS."
            var isMissingRoot = found.Error == Win32Error.PathNotFound && PathSyntax.IsRoot(request.FullPath);
            throw WindowsErrors.For(isMissingRoot ? Win32Error.AccessDenied : found.Error, request.FullPath);
        }

        if (found.Target.EndsInSeparator)
        {
            throw WindowsErrors.For(Win32Error.InvalidName, request.FullPath);
        }
    }

    /// <summary>
    /// Overwriting keeps the creation time and what hangs on the name; the data goes, and with CREATE_ALWAYS the named streams
    /// and the attributes go too (MS-FSA 2.1.5.1.2, FILE_OVERWRITE).
    /// </summary>
    private static void Empty(Lookup found, OpenRequest request) =>
        WindowsErrors.Guard(found.Volume, request.FullPath, () =>
        {
            var volume = found.Volume;
            if (request.Mode == FileMode.Create && found.Stream.Length == 0)
            {
                foreach (var stream in volume.RecordAt(found.Index).Extra?.Streams ?? [])
                {
                    volume.Delete($"{found.Path}:{stream.Name}");
                }

                volume.SetAttributes(found.Path, FileAttributes.Archive);
            }

            volume.SetEndAt(found.Index, found.Stream, 0);
            found.Session!.Publish(WatchNotice.Changed(
                found.Path, found.IsDirectory, NotifyFilters.LastWrite | NotifyFilters.Size));
        });

    private static Lookup Create(Lookup found, OpenRequest request) =>
        WindowsErrors.Guard(found.Volume, request.FullPath, () =>
        {
            var volume = found.Volume;
            if (volume.Locate(found.Path) is null)
            {
                volume.CreateFile(found.Path);
                found.Session!.Publish(WatchNotice.Created(found.Path, isDirectory: false));
            }

            if (found.Stream.Length > 0)
            {
                volume.CreateStream($"{found.Path}:{found.Stream}");
            }
            else if ((request.Options & FileOptions.Encrypted) != FileOptions.None)
            {
                volume.Encrypt(found.Path);
            }

            return found with { Error = Win32Error.None, Place = volume.Locate(found.Path)!.Value };
        });

    /// <summary>The stream's name in the case in which it is stored.</summary>
    private static string StoredStream(Lookup found)
    {
        foreach (var stream in found.Volume.RecordAt(found.Index).Extra?.Streams ?? [])
        {
            if (stream.Name.Equals(found.Stream, StringComparison.OrdinalIgnoreCase))
            {
                return stream.Name;
            }
        }

        return "";
    }
}
