using Harness.Engine.Model;
using Harness.Simulator.FileSystem.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Entries;

/// <summary>Attributes and times of files and directories.</summary>
internal static class Metadata
{
    private const FileAttributes Valid = (FileAttributes)0x0017_FFFF;

    /// <summary>What FileInfo and DirectoryInfo keep until they are refreshed.</summary>
    public static EntryState Read(SimFileSystem fileSystem, string fullPath) =>
        fileSystem.Run(fullPath, follow: false, found =>
        {
            if (!found.Exists)
            {
                return EntryState.Missing with { Error = found.Error };
            }

            ref readonly var record = ref found.Volume.RecordAt(found.Index);
            var state = StateOf(found.Volume.Settings, in record);
            return found.Stream.Length == 0
                ? state
                : state with { Length = found.Volume.Stream(in record, found.Stream)?.Size ?? 0 };
        });

    /// <summary>The state of a record and its unnamed stream, with times as the file system keeps them.</summary>
    public static EntryState StateOf(VolumeSettings settings, ref readonly FileRecord record)
    {
        var times = FileSystemTimes.Of(settings, in record);
        return new EntryState(
            Lookup.AttributesOf(in record),
            times.Created,
            times.Accessed,
            times.Written,
            record.Size,
            Resolver.LinkTarget(in record),
            Win32Error.None);
    }

    /// <summary>As <see cref="Read"/>, but only a missing file or directory passes.</summary>
    public static EntryState ReadTimes(SimFileSystem fileSystem, string fullPath)
    {
        var state = Read(fileSystem, fullPath);
        return state.Error is Win32Error.None or Win32Error.FileNotFound or Win32Error.PathNotFound or Win32Error.NotReady
            ? state
            : throw WindowsErrors.For(state.Error, fullPath);
    }

    public static void SetAttributes(SimFileSystem fileSystem, string fullPath, FileAttributes attributes) =>
        fileSystem.Run(fullPath, follow: false, found =>
        {
            found.Require();
            var isTemporaryDirectory = found.IsDirectory && (attributes & FileAttributes.Temporary) != FileAttributes.None;
            if ((attributes & ~Valid) != FileAttributes.None || isTemporaryDirectory)
            {
                throw new ArgumentException("Invalid File or Directory attributes value.", nameof(attributes));
            }

            WindowsErrors.Guard(found.Volume, fullPath, () => found.Volume.SetAttributes(found.Path, attributes));
            Announce(found, NotifyFilters.Attributes);
        });

    public static void SetTimes(
        SimFileSystem fileSystem,
        string fullPath,
        bool asDirectory,
        DateTimeOffset? created = null,
        DateTimeOffset? accessed = null,
        DateTimeOffset? written = null)
    {
        RequireNoDrive(fullPath);
        var times = new EntryTimes(Time(created), Time(written), null, Time(accessed));
        fileSystem.Run(fullPath, follow: false, found =>
        {
            found.Require();
            if (found.IsDirectory && !asDirectory)
            {
                throw WindowsErrors.For(Win32Error.AccessDenied, fullPath);
            }

            WindowsErrors.Guard(found.Volume, fullPath, () => found.Volume.SetTimes(found.Path, times));
            Announce(
                found,
                (created is null ? default : NotifyFilters.CreationTime)
                    | (accessed is null ? default : NotifyFilters.LastAccess)
                    | (written is null ? default : NotifyFilters.LastWrite));
        });
    }

    /// <summary>EncryptFile and DecryptFile.</summary>
    public static void SetEncrypted(SimFileSystem fileSystem, string fullPath, bool encrypted) =>
        fileSystem.Run(fullPath, follow: true, found =>
        {
            found.Require();
            if (found.Volume.Settings.FileSystem != FileSystemKind.Ntfs)
            {
                throw new NotSupportedException("File encryption is not supported on this platform.");
            }

            var error = found.Has(FileAttributes.ReadOnly) ? Win32Error.FileReadOnly
                : encrypted && found.Has(FileAttributes.System) ? Win32Error.AccessDenied
                : found.Session!.Opens.IsOpen(found.Index) ? Win32Error.SharingViolation
                : Win32Error.None;
            if (error != Win32Error.None)
            {
                throw WindowsErrors.For(error, fullPath);
            }

            WindowsErrors.Guard(found.Volume, fullPath, () =>
            {
                if (encrypted)
                {
                    found.Volume.Encrypt(found.Path);
                }
                else
                {
                    found.Volume.Decrypt(found.Path);
                }
            });
            Announce(found, NotifyFilters.Attributes | NotifyFilters.Size);
        });

    /// <summary>A time that was given as local, unless its kind says otherwise.</summary>
    public static DateTimeOffset Local(DateTime time) => new(time);

    /// <summary>A time that was given as UTC, unless its kind says otherwise.</summary>
    public static DateTimeOffset Utc(DateTime time) =>
        new(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime());

    private static void RequireNoDrive(string path)
    {
        if (path.Length > 1 && path[1] == PathSyntax.VolumeSeparator && PathSyntax.IsRoot(path))
        {
            throw new ArgumentException("Path must not be a drive.", nameof(path));
        }
    }

    private static Timestamp? Time(DateTimeOffset? time) =>
        time is { } given ? Timestamp.FromFileTime(given.ToFileTime()) : null;

    private static void Announce(Lookup found, NotifyFilters what) =>
        found.Session!.Publish(WatchNotice.Changed(found.Path, found.IsDirectory, what));
}

/// <summary>Attributes, times and size of an entry at one moment; of a missing one what .NET on Windows shows.</summary>
internal readonly record struct EntryState(
    FileAttributes Attributes, long Created, long Accessed, long Written, long Length, string? LinkTarget, Win32Error Error)
{
    public static readonly EntryState Missing = new((FileAttributes)(-1), 0, 0, 0, 0, null, Win32Error.FileNotFound);

    public bool Exists => Error == Win32Error.None;

    public bool IsDirectory => Exists && (Attributes & FileAttributes.Directory) != FileAttributes.None;
}
