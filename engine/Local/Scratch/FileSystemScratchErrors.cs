using Harness.Engine.Errors;

namespace Harness.Engine.Local.Scratch;

/// <summary>What an error of a file system means for a scratch location.</summary>
internal static class FileSystemScratchErrors
{
    private const int DiskFull = 112;
    private const int HandleDiskFull = 39;
    private const int NoSpace = 28;
    private const int DirectoryName = 267;
    private const int NotReady = 21;

    public static BackupException Translate(Exception error, string path, string what)
    {
        var message = $"The scratch location '{path}': {what} ({error.Message})";
        return (error.HResult & 0xFFFF) switch
        {
            DiskFull or HandleDiskFull or NoSpace => new BackupException(
                ErrorCode.ScratchFull, message, "Free space on its volume, or name another location with --scratch.", inner: error),
            DirectoryName or NotReady => new BackupException(
                ErrorCode.ScratchNotDirectory, message, "Name a directory of a volume that is there with --scratch.", inner: error),
            _ when error is DirectoryNotFoundException => new BackupException(
                ErrorCode.ScratchNotDirectory, message, "Name a directory with --scratch.", inner: error),
            _ => new BackupException(
                ErrorCode.ScratchNotWritable,
                message,
                "Name a directory that this user may write with --scratch, and exclude it from virus scanners.",
                inner: error),
        };
    }
}
