using System.Diagnostics;

namespace Harness.Tests.Mutants;

/// <summary>A 'dotnet' of our own that is waited for.</summary>
internal static class ChildProcess
{
    /// <summary>Exit code and lines of both outputs; -1 when it took longer and was ended.</summary>
    public static (int ExitCode, IReadOnlyList<string> Output) Run(string folder, TimeSpan mostTime, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var lines = new List<string>();
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (lines)
            {
                if (line.Data is { } text)
                {
                    lines.Add(text);
                }
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(mostTime))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (-1, lines);
        }

        process.WaitForExit();
        return (process.ExitCode, lines);
    }
}
