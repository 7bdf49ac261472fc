using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Local.Linux;

namespace Harness.Engine.Local.Targets;

/// <summary>What goes wrong in a restore target, in the engine's words.</summary>
internal static class TargetErrors
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An operation on the entry itself failed.</summary>
    internal static BackupException At(string path, int errno) => errno switch
    {
        Errno.NoSpace or Errno.QuotaExceeded => new BackupException(
            ErrorCode.TargetFull,
            $"The restore target is full at '{path}': {Errno.Describe(errno)}.",
            "Free space there, or restore a part with --path."),
        Errno.ReadOnlyFileSystem or Errno.Access or Errno.Perm => new BackupException(
            ErrorCode.TargetNotWritable,
            $"The restore target refuses to write '{path}': {Errno.Describe(errno)}.",
            "Restore to a directory that this user may write."),
        _ => new BackupException(
            ErrorCode.TargetEntryRefused,
            $"The restore target cannot hold '{path}': {Errno.Describe(errno)}.",
            "Restore to a file system that allows it, or leave the entry out."),
    };

    /// <summary>The target cannot hold an entry, for a reason of its own.</summary>
    internal static BackupException Refused(string path, string reason) => new(
        ErrorCode.TargetEntryRefused,
        $"The restore target cannot hold '{path}': {reason}.",
        "Restore to a file system that allows it, or leave the entry out.");

    /// <summary>A directory on the way to the entry cannot be entered.</summary>
    internal static BackupException OnTheWay(string path, int errno) => errno is Errno.Loop or Errno.NotDirectory
        ? new BackupException(
            ErrorCode.TargetEscape,
            $"A link or file stands in the restore target where '{path}' needs a directory; it was not followed.",
            "Remove it, or restore to an empty directory.")
        : At(path, errno);

    /// <summary>Names from NTFS may hold lone surrogates or, from a damaged vault, NUL: no Linux name can.</summary>
    internal static void RequireEncodable(string path)
    {
        var isEncodable = !path.Contains('\0', StringComparison.Ordinal);
        try
        {
            _ = Strict.GetByteCount(path);
        }
        catch (EncoderFallbackException)
        {
            isEncodable = false;
        }

        if (!isEncodable)
        {
            throw At(path.Replace('\0', '?'), Errno.IllegalSequence);
        }
    }
}
