using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>One finished run of the real program as a child process.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record HarnessRun(int Exit, string Out, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The built program beside the test assembly.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "harness.dll");

    /// <summary>The one JSON document of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Runs with arguments in the current directory.</summary>
    public static Task<HarnessRun> OfAsync(params string[] args) => OfAsync([], args);

    /// <summary>Runs with more or other environment variables; null removes one.</summary>
    public static async Task<HarnessRun> OfAsync(IEnumerable<KeyValuePair<string, string?>> environment, string[] args)
    {
        using var process = Start(environment, args);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"harness {string.Join(' ', args)} did not end within {Limit}.");
        }

        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the program and leaves it running.</summary>
    public static Process Start(IEnumerable<KeyValuePair<string, string?>> environment, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", args.Prepend(Program))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("HARNESS_PASSPHRASE");
        start.Environment.Remove("HARNESS_DEBUG");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Asserts the exit code, showing all output when it is another.</summary>
    public HarnessRun Expect(int exit)
    {
        Assert.That(Exit, Is.EqualTo(exit), $"standard output:\n{Out}\nstandard error:\n{Error}");
        return this;
    }
}
