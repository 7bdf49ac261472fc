using Harness.Engine.Model;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>MoveFileEx and ReplaceFile, with what .NET makes of their refusals.</summary>
internal static class Moving
{
    public static void File(SimFileSystem fileSystem, string source, string destination, bool overwrite)
    {
        if (!fileSystem.FileExists(source))
        {
            throw WindowsErrors.For(Win32Error.FileNotFound, source);
        }

        if (IsSameVolume(fileSystem, source, destination))
        {
            Rename(fileSystem, source, destination, overwrite);
            return;
        }

        RequireFree(fileSystem, destination, overwrite);
        Copying.File(fileSystem, source, destination, overwrite);
        Deleting.File(fileSystem, source);
    }

    public static void Directory(SimFileSystem fileSystem, string source, string destination)
    {
        var from = PathSyntax.TrimEndingSeparator(source).ToString();
        var to = PathSyntax.TrimEndingSeparator(destination).ToString();
        var isCaseChange = from.Equals(to, StringComparison.OrdinalIgnoreCase);
        if (isCaseChange && PathNames.FileName(from).SequenceEqual(PathNames.FileName(to)))
        {
            throw new IOException("Source and destination path must be different.");
        }

        if (!string.Equals(PathNames.Root(from), PathNames.Root(to), StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException("Source and destination path must have identical roots. Move will not work across volumes.");
        }

        fileSystem.Run(from, follow: false, found =>
        {
            found.RequireAsDirectory();
            if (!found.IsDirectory && PathSyntax.EndsInSeparator(source))
            {
                throw WindowsErrors.For(Win32Error.InvalidName);
            }
        });
        if (!isCaseChange && fileSystem.DirectoryExists(to))
        {
            throw WindowsErrors.For(Win32Error.AlreadyExists, to);
        }

        try
        {
            Rename(fileSystem, from, to, overwrite: false);
        }
        catch (UnauthorizedAccessException denied)
        {
            // "WinNT throws IOException. We can't change it for backcomp."
            throw new IOException($"Access to the path '{from}' is denied.", denied.HResult);
        }
        catch (IOException exists) when (exists.HResult == WindowsErrors.HResultOf(Win32Error.AlreadyExists))
        {
            throw WindowsErrors.For(Win32Error.AlreadyExists, to);
        }
    }

    public static void Replace(
        SimFileSystem fileSystem, string source, string destination, string? backup, bool ignoreMetadataErrors) =>
        fileSystem.Run(destination, follow: true, replaced =>
        {
            RequireReplaceable(replaced, allowReadOnly: false);
            if (!IsSameVolume(fileSystem, source, destination) || (backup is not null && !IsSameVolume(fileSystem, backup, destination)))
            {
                throw WindowsErrors.For(Win32Error.NotSameDevice);
            }

            fileSystem.Run(source, follow: true, replacement =>
            {
                RequireReplaceable(replacement, allowReadOnly: ignoreMetadataErrors);
                if (replacement.Index == replaced.Index)
                {
                    throw WindowsErrors.For(Win32Error.SharingViolation);
                }

                Swap(fileSystem, replaced, replacement, backup);
            });
        });

    private static void Swap(SimFileSystem fileSystem, Lookup replaced, Lookup replacement, string? backup)
    {
        var volume = replaced.Volume;
        var created = Timestamp.FromFileTime(volume.RecordAt(replaced.Index).Created);
        var streams = volume.RecordAt(replaced.Index).Extra?.Streams ?? [];
        var path = volume.PathOf(replaced.Place);
        if (backup is null)
        {
            Deleting.Remove(fileSystem, replaced);
        }
        else
        {
            fileSystem.Run(backup, follow: true, kept =>
            {
                if (kept.Exists)
                {
                    RequireReplaceable(kept, allowReadOnly: false);
                    Deleting.Remove(fileSystem, kept);
                }
                else if (kept.Error != Win32Error.FileNotFound)
                {
                    throw WindowsErrors.For(kept.Error);
                }

                RenameOnVolume(replaced, path, kept.Path, backup);
            });
        }

        RenameOnVolume(replacement, volume.PathOf(replacement.Place), path, replaced.FullPath);
        WindowsErrors.Guard(volume, replaced.FullPath, () =>
        {
            // The new file takes over the creation time and the named streams that it lacks ("ReplaceFile function").
            foreach (var stream in streams.Where(stream => volume.Stream(in volume.RecordAt(replacement.Index), stream.Name) is null))
            {
                volume.CloneAt(replacement.Index, stream.Name, stream.State);
            }

            volume.SetTimes(path, new EntryTimes(created, Timestamp.FromFileTime(volume.RecordAt(replacement.Index).Written), null, null));
        });
    }

    /// <summary>ReplaceFile names no path either.</summary>
    private static void RequireReplaceable(Lookup found, bool allowReadOnly)
    {
        if (!found.Exists)
        {
            throw WindowsErrors.For(found.Error);
        }

        var error = found.IsDirectory || (!allowReadOnly && found.Has(FileAttributes.ReadOnly))
            ? Win32Error.AccessDenied
            : found.Session!.Opens.CheckDelete(found.Index);
        if (error != Win32Error.None)
        {
            throw WindowsErrors.For(error);
        }
    }

    private static void Rename(SimFileSystem fileSystem, string source, string destination, bool overwrite) =>
        fileSystem.Run(source, follow: false, from =>
        {
            from.Require();
            fileSystem.Run(destination, follow: false, to =>
            {
                if (to.Exists && to.Place == from.Place && from.Stream.Length == 0 && to.Stream.Length == 0)
                {
                    RenameOnVolume(from, from.Volume.PathOf(from.Place), to.Path, destination);
                    return;
                }

                RequireMovable(from, to, overwrite);
                if (to.Exists)
                {
                    Deleting.Remove(fileSystem, to);
                }

                RenameOnVolume(from, from.Volume.PathOf(from.Place), to.Path, destination);
            });
        });

    private static void RequireMovable(Lookup from, Lookup to, bool overwrite)
    {
        // MoveFileEx says of no error to which of the two paths it belongs, so .NET names neither.
        if (!to.Exists && (to.Error != Win32Error.FileNotFound || to.Stream.Length > 0))
        {
            throw WindowsErrors.For(to.Stream.Length > 0 ? Win32Error.InvalidName : to.Error);
        }

        if (from.Stream.Length > 0 || to.Stream.Length > 0)
        {
            throw WindowsErrors.For(from.Stream.Length > 0 ? Win32Error.InvalidParameter : Win32Error.InvalidName);
        }

        if (to.Exists && !overwrite)
        {
            throw WindowsErrors.For(Win32Error.AlreadyExists);
        }

        var blocked = to.Exists
            && (to.IsDirectory || from.IsDirectory || to.Has(FileAttributes.ReadOnly)
                || to.Session!.Opens.CheckDelete(to.Index) != Win32Error.None);
        var error = blocked || from.IsRoot ? Win32Error.AccessDenied
            : from.IsDirectory ? CheckDirectory(from, to)
            : from.Session!.Opens.CheckDelete(from.Index);
        if (error != Win32Error.None)
        {
            throw WindowsErrors.For(error);
        }
    }

    private static Win32Error CheckDirectory(Lookup from, Lookup to)
    {
        var volume = from.Volume;
        var above = volume.Locate(VolumePath.Split(to.Path).Parent)!.Value.Index;
        while (above != VolumeView.RootIndex && above != from.Index)
        {
            above = volume.RecordAt(above).Parent;
        }

        return above == from.Index && !from.IsRoot ? Win32Error.SharingViolation
            : from.Session!.Opens.IsOpenBelow(from.Index) ? Win32Error.AccessDenied
            : Win32Error.None;
    }

    /// <summary>Renames and tells watchers: one event within a directory, a deletion and a creation across, as Windows has it.</summary>
    private static void RenameOnVolume(Lookup from, string oldPath, string newPath, string destination)
    {
        if (oldPath.Equals(newPath, StringComparison.Ordinal))
        {
            return;
        }

        var isDirectory = from.IsDirectory;
        WindowsErrors.Guard(from.Volume, destination, () => from.Volume.Rename(oldPath, newPath));
        var sameDirectory = VolumePath.Split(oldPath).Parent.Equals(
            VolumePath.Split(newPath).Parent, StringComparison.OrdinalIgnoreCase);
        if (sameDirectory)
        {
            from.Session!.Publish(WatchNotice.Renamed(oldPath, newPath, isDirectory));
            return;
        }

        from.Session!.Publish(WatchNotice.Deleted(oldPath, isDirectory));
        from.Session!.Publish(WatchNotice.Created(newPath, isDirectory));
    }

    private static void RequireFree(SimFileSystem fileSystem, string destination, bool overwrite)
    {
        if (!overwrite && (fileSystem.FileExists(destination) || fileSystem.DirectoryExists(destination)))
        {
            throw WindowsErrors.For(Win32Error.AlreadyExists);
        }
    }

    private static bool IsSameVolume(SimFileSystem fileSystem, string first, string second)
    {
        var session = fileSystem.Run(first, follow: false, found => found.Session);
        var other = fileSystem.Run(second, follow: false, found => found.Session);
        return session is null || other is null || ReferenceEquals(session, other);
    }
}
