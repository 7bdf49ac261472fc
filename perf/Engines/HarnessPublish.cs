using System.Diagnostics;
using System.Runtime.InteropServices;
using Harness.Engine.Errors;

namespace Harness.Perf.Engines;

/// <summary>Publishes the command line program as users get it: perf references no other program.</summary>
internal static class HarnessPublish
{
    /// <summary>Publishes into a directory; returns the path of the program.</summary>
    public static string To(string directory)
    {
        // Not the directory itself: the tool under measurement empties that.
        var program = directory + "-program";
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Harness.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        if (root is null)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible, "No Harness.sln is above this program.", "Give the program with --harness.");
        }

        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = root, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
            [
                "publish", "scenarios", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "--artifacts-path", directory + "-build", "-o", program, "-v", "q",
            ])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Path.Combine(program, "harness")
            : throw new BackupException(ErrorCode.FileInaccessible, $"dotnet publish failed: {output}", "Publish by hand and give --harness.");
    }
}
