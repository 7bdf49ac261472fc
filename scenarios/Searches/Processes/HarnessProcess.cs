using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Harness.Scenarios.CommandLine;

namespace Harness.Scenarios.Searches.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Exit">Exit code; 128 + 9 when it was killed.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ProcessEnd(int Exit, string Out, string Error)
{
    /// <summary>The one JSON document of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <inheritdoc/>
    public override string ToString() => $"exit code {Exit}; {Error.Trim()}";
}

/// <summary>The program <c>harness</c> itself as a process of the system, which may be killed at any moment.</summary>
internal sealed class HarnessProcess : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HarnessProcess(Process process)
    {
        _process = process;
        process.StandardInput.Close();
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The built program: beside the assembly that runs.</summary>
    public static string Program { get; } = Path.ChangeExtension(typeof(Application).Assembly.Location, ".dll");

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it with arguments and more or other environment variables; null removes one.</summary>
    public static HarnessProcess Start(IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        // A shell that starts something in the background makes it ignore Ctrl-C, and so would everything below that.
        string[] program = IgnoresInterrupts() ? ["env", "--default-signal=INT", "dotnet", Program] : ["dotnet", Program];
        var start = new ProcessStartInfo(program[0], program.Skip(1).Concat(arguments))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("HARNESS_PASSPHRASE");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new HarnessProcess(Process.Start(start)!);
    }

    private static bool IgnoresInterrupts()
    {
        const string ignored = "SigIgn:";
        const int interrupt = 2;
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(ignored, StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line.AsSpan(ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (interrupt - 1))) != 0;
    }

    /// <summary>Ends it where it stands; one that has ended already stays ended.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal such as <c>INT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end; <see cref="TimeoutException"/> and its end when it takes longer than it may.</summary>
    public async Task<ProcessEnd> EndAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException error)
        {
            _process.Kill();
            throw new TimeoutException($"harness did not end within {limit}. {await _error}", error);
        }

        return new ProcessEnd(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Whether it ended by a kill.</summary>
    public static bool IsKilled(ProcessEnd end) => end.Exit == Killed;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
