using System.ComponentModel;
using System.Runtime.InteropServices;
using Harness.Engine.Errors;

namespace Harness.Engine.Local.Vaults;

/// <summary>
/// The two operations that .NET does not offer on Unix: giving a file its final name only if nobody has it (File.Move falls
/// back to a copy, which a crash cuts in half), and flushing a directory.
/// </summary>
internal static partial class AtomicCreate
{
    private const int AtCurrentDirectory = -100;
    private const uint RenameNoReplace = 1;
    private const int OpenReadOnly = 0;

    /// <summary>Gives the file its name; false when the name is taken. The temporary name may be left behind.</summary>
    public static bool TryPublish(string temporary, string path) =>
        OperatingSystem.IsWindows() ? TryMove(temporary, path) : TryLink(temporary, path);

    /// <summary>Makes the entries of a directory durable. Windows does so with the file itself.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int file = Open(directory, OpenReadOnly);
        if (file < 0)
        {
            throw LastError(directory);
        }

        try
        {
            // EINVAL: the file system has no such notion (some network and user-space ones).
            if (Flush(file) != 0 && Marshal.GetLastPInvokeError() != Errno.InvalidArgument)
            {
                throw LastError(directory);
            }
        }
        finally
        {
            _ = Close(file);
        }
    }

    private static bool TryMove(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private static bool TryLink(string temporary, string path)
    {
        if (Link(temporary, path) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Errno.Exists => false,
            Errno.NotPermitted or Errno.NotSupported or Errno.NoSystemCall or Errno.TooManyLinks => TryRename(temporary, path),
            _ => throw LastError(path),
        };
    }

    /// <summary>For file systems without hard links, such as exFAT.</summary>
    private static bool TryRename(string temporary, string path)
    {
        try
        {
            if (Rename(AtCurrentDirectory, temporary, AtCurrentDirectory, path, RenameNoReplace) == 0)
            {
                return true;
            }
        }
        catch (EntryPointNotFoundException)
        {
            throw Unsupported(path);
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Errno.Exists => false,
            Errno.InvalidArgument or Errno.NoSystemCall or Errno.NotSupported => throw Unsupported(path),
            _ => throw LastError(path),
        };
    }

    private static BackupException Unsupported(string path) => new(
        ErrorCode.PlatformUnsupported,
        $"The file system of '{Path.GetDirectoryName(path)}' can create no file atomically (no hard links, no exclusive rename).",
        "Put the vault on another file system.");

    private static IOException LastError(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{new Win32Exception(error).Message}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
