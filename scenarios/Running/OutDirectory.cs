using Harness.Engine.Errors;

namespace Harness.Scenarios.Running;

/// <summary>The directory of results, made and tried before anything runs.</summary>
internal static class OutDirectory
{
    /// <summary>Creates the directory and writes to it once; FileInaccessible when that fails.</summary>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"Results cannot be written to '{directory}': {error.Message}",
                "Name a directory that can be written with --out.",
                inner: error);
        }
    }
}
