using System.Diagnostics;

namespace Harness.Scenarios.Running;

/// <summary>Finds the commit that is being run, for the results.</summary>
internal static class CommitFinder
{
    private static readonly string[] Variables = ["HARNESS_COMMIT", "GITHUB_SHA", "BUILD_SOURCEVERSION"];

    /// <summary>The commit by environment variable or git, or "unknown".</summary>
    public static string Find()
    {
        var named = Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return named ?? AskGit() ?? "unknown";
    }

    private static string? AskGit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "HEAD"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            });
            if (git is null || !git.WaitForExit(TimeSpan.FromSeconds(5)) || git.ExitCode != 0)
            {
                return null;
            }

            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // There is no git here.
        }
    }
}
