using Harness.Engine.Errors;

namespace Harness.Simulator.Volume;

/// <summary>The refusals of the simulated file system, each naming the path, the rule and a way out.</summary>
internal static class VolumeError
{
    public static BackupException Refused(string path, string rule, string remedy) =>
        new(ErrorCode.VolumeOperationInvalid, $"'{path}': {rule}.", remedy);

    public static BackupException Settings(string problem, string remedy) =>
        new(ErrorCode.VolumeOperationInvalid, $"The volume cannot be made: {problem}.", remedy);

    public static BackupException Missing(string path) =>
        Refused(path, "there is no such file, directory or stream on the volume", "Check the path; '/' separates names.");

    public static BackupException Quota(string path, string owner, long neededBytes, long freeBytes) =>
        new(
            ErrorCode.VolumeQuotaExceeded,
            $"'{path}' needs {neededBytes} more bytes of the quota of {owner}, of which {Math.Max(freeBytes, 0)} are left.",
            "Raise the limit, or delete files of that owner.");

    public static BackupException Full(string path, long neededBytes, long freeBytes) =>
        new(
            ErrorCode.VolumeFull,
            $"'{path}' needs {neededBytes} more bytes of clusters, and the volume has {freeBytes} free.",
            "Make the volume larger, or the file smaller or sparse.");
}
