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

    public static BackupException Full(string path, long neededBytes, long freeBytes) =>
        new(
            ErrorCode.VolumeFull,
            $"'{path}' needs {neededBytes} more bytes of clusters, and the volume has {freeBytes} free.",
            "Make the volume larger, or the file smaller or sparse.");
}
