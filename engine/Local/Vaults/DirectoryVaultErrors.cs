using Harness.Engine.Errors;

namespace Harness.Engine.Local.Vaults;

/// <summary>What an error of the file system means for a vault.</summary>
internal static class DirectoryVaultErrors
{
    private const int WindowsWriteProtect = unchecked((int)0x80070013);
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsLocked = unchecked((int)0x80070021);
    private const int WindowsDirectory = unchecked((int)0x8007010B);
    private const int WindowsExists = unchecked((int)0x800700B7);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool IsStorageError(Exception error) => error is IOException or UnauthorizedAccessException;

    public static BackupException Translate(Exception error, string name, string vault) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(
            ErrorCode.VaultBlobMissing, $"Blob '{name}' is not in {vault}.", inner: error),
        UnauthorizedAccessException => Denied(error, name, vault),
        _ => Translate(error.HResult, error, name, vault),
    };

    private static BackupException Translate(int number, Exception error, string name, string vault) => number switch
    {
        Errno.NoSpace or Errno.Quota or WindowsDiskFull or WindowsHandleDiskFull => new(
            ErrorCode.VaultFull,
            $"The volume of {vault} is full; blob '{name}' was not written.",
            "Make room on that volume, or prune the vault.",
            inner: error),
        Errno.ReadOnly or Errno.NotPermitted or WindowsWriteProtect => Denied(error, name, vault),
        WindowsSharing or WindowsLocked => new(
            ErrorCode.VaultUnreachable,
            $"Blob '{name}' in {vault} is in use by another program: {error.Message}",
            "Exclude the vault from virus scanners and other programs, and run again.",
            inner: error),
        Errno.NotDirectory or Errno.IsDirectory or Errno.Exists or WindowsDirectory or WindowsExists => new(
            ErrorCode.VaultUnreachable,
            $"A file stands where {vault} needs a directory, or the other way round, at '{name}': {error.Message}",
            "Use a directory that holds nothing but the vault.",
            inner: error),
        _ => new(
            ErrorCode.VaultUnreachable,
            $"The file system of {vault} failed at '{name}': {error.Message}",
            "Check that the volume is mounted and healthy.",
            inner: error),
    };

    private static BackupException Denied(Exception error, string name, string vault) => new(
        ErrorCode.VaultAccessDenied,
        $"The operating system denied access to '{name}' in {vault}: {error.Message}",
        "Give this user read and write rights on the directory, and check that the volume is not mounted read-only.",
        inner: error);
}
