using System.Diagnostics;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Azurite;

/// <summary>Runs a program to its end, quietly and within a time.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it and returns its exit code and last output. A program that cannot be started is null.</summary>
    public static async Task<(int ExitCode, string Output)?> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder,
        string? searchPath,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder ?? string.Empty,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (searchPath is not null)
        {
            start.Environment["PATH"] = searchPath;
        }

        using Process? process = Start(start);
        if (process is null)
        {
            return null;
        }

        OutputTail tail = new();
        tail.Attach(process);
        process.StandardInput.Close();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, tail.ToString());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new BackupException(
                ErrorCode.AzuriteInstallFailed, $"'{program}' did not end within {timeout.TotalSeconds:0} s. {tail}");
        }
    }

    /// <summary>Starts a process; null when the program is not there or not executable.</summary>
    public static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
