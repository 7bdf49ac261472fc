using Harness.Engine.Errors;
using Harness.Simulator.FileSystem.Paths;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem.Errors;

/// <summary>
/// The exceptions that .NET on Windows makes of Win32 errors: type, HResult (0x8007 and the code) and the shape of the
/// message. Everything that the file system refuses passes here.
/// </summary>
internal static class WindowsErrors
{
    private const int Facility = unchecked((int)0x80070000);

    /// <summary>HResult of an exception for a code.</summary>
    public static int HResultOf(Win32Error error) => (int)error < 0 ? (int)error : Facility | (int)error;

    /// <summary>The exception for a code.</summary>
    /// <param name="error">The code.</param>
    /// <param name="path">Full path for the message; null where .NET gives none.</param>
    public static Exception For(Win32Error error, string? path = null)
    {
        var hasPath = !string.IsNullOrEmpty(path);
        return error switch
        {
            Win32Error.FileNotFound => new FileNotFoundException(
                hasPath ? $"Could not find file '{path}'." : "Unable to find the specified file.", hasPath ? path : null),
            Win32Error.PathNotFound => new DirectoryNotFoundException(
                hasPath ? $"Could not find a part of the path '{path}'." : "Could not find a part of the path."),
            Win32Error.AccessDenied => new UnauthorizedAccessException(
                hasPath ? $"Access to the path '{path}' is denied." : "Access to the path is denied."),
            Win32Error.FilenameTooLong => new PathTooLongException(
                hasPath
                    ? $"The path '{path}' is too long, or a component of the specified path is too long."
                    : "The specified file name or path is too long, or a component of the specified path is too long.")
            {
                HResult = HResultOf(error),
            },
            _ => new IOException(MessageOf(error, hasPath ? path : null), HResultOf(error)),
        };
    }

    /// <summary>
    /// Runs a change of a volume and turns the volume's refusals into what Windows gives. Behind <c>\\?\</c> new names need
    /// please NTFS only.
    /// </summary>
    public static T Guard<T>(SimVolume volume, string path, Func<T> change)
    {
        volume.TakesExtendedNames = PathSyntax.IsExtended(path);
        try
        {
            return change();
        }
        catch (BackupException refusal)
        {
            throw Translate(volume, refusal, path);
        }
        finally
        {
            volume.TakesExtendedNames = false;
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(SimVolume volume, string path, Action change) =>
        Guard(volume, path, () =>
        {
            change();
            return true;
        });

    /// <summary>What Windows gives for a refusal of the volume.</summary>
    public static Exception Translate(SimVolume volume, BackupException refusal, string path)
    {
        var error = refusal is VolumeStatusException status ? (Win32Error)status.Win32Code
            : refusal.Code == ErrorCode.VolumeFull ? Win32Error.DiskFull
            : refusal.Code == ErrorCode.VolumeQuotaExceeded ? Win32Error.DiskQuotaExceeded
            : volume.IsOffline ? Win32Error.NotReady
            : volume.IsLocked ? Win32Error.LockedVolume
            : volume.IsReadOnly ? Win32Error.WriteProtect
            : refusal.Message.Contains("exceeds", StringComparison.Ordinal) ? Win32Error.FileTooLarge
            : Win32Error.InvalidName;
        return For(error, path);
    }

    private static string MessageOf(Win32Error error, string? path) => error switch
    {
        Win32Error.AlreadyExists when path is not null =>
            $"Cannot create '{path}' because a file or directory with the same name already exists.",
        Win32Error.FileExists when path is not null => $"The file '{path}' already exists.",
        Win32Error.SharingViolation when path is not null =>
            $"The process cannot access the file '{path}' because it is being used by another process.",
        _ => path is null ? TextOf(error) : $"{TextOf(error)} : '{path}'",
    };

    /// <summary>What FormatMessage says in English.</summary>
    private static string TextOf(Win32Error error) => error switch
    {
        Win32Error.InvalidHandle => "The handle is invalid.",
        Win32Error.NotSameDevice => "The system cannot move the file to a different disk drive.",
        Win32Error.WriteProtect => "The media is write protected.",
        Win32Error.NotReady => "The device is not ready.",
        Win32Error.SharingViolation =>
            "The process cannot access the file because it is being used by another process.",
        Win32Error.LockViolation =>
            "The process cannot access the file because another process has locked a portion of the file.",
        Win32Error.BadNetworkPath => "The network path was not found.",
        Win32Error.FileExists => "The file exists.",
        Win32Error.InvalidParameter => "The parameter is incorrect.",
        Win32Error.DiskFull => "There is not enough space on the disk.",
        Win32Error.InvalidName => "The filename, directory name, or volume label syntax is incorrect.",
        Win32Error.DirectoryNotEmpty => "The directory is not empty.",
        Win32Error.LabelTooLong => "The volume label you entered exceeds the label character limit of the target file system.",
        Win32Error.NotLocked => "The segment is already unlocked.",
        Win32Error.AlreadyExists => "Cannot create a file when that file already exists.",
        Win32Error.FileTooLarge => "The file size exceeds the limit allowed and cannot be saved.",
        Win32Error.DirectoryName => "The directory name is invalid.",
        Win32Error.DiskQuotaExceeded =>
            "The requested file operation failed because the storage quota was exceeded. To free up disk space, move files to a "
            + "different location or delete unnecessary files. For more information, contact your system administrator.",
        Win32Error.InvalidLockRange => "A requested file lock operation cannot be processed due to an invalid byte range.",
        Win32Error.UserMapped =>
            "The requested operation cannot be performed on a file with a user-mapped section open.",
        Win32Error.CannotResolve => "The name of the file cannot be resolved by the system.",
        Win32Error.FileReadOnly => "The specified file is read only.",
        Win32Error.LockedVolume =>
            "This drive is locked by BitLocker Drive Encryption. You must unlock this drive from Control Panel.",
        _ => $"Unknown error (0x{(int)error:x})",
    };
}
