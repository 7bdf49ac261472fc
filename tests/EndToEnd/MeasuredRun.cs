using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NUnit.Framework;

namespace Harness.Tests.EndToEnd;

/// <summary>One finished run of the built program, as a user runs it, and what it took of the machine.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="PeakBytes">Most resident memory (VmHWM), as of its last moments.</param>
/// <param name="Cpu">Processor time of all its threads, as of its last moments.</param>
/// <param name="Wall">From start to end.</param>
internal sealed record MeasuredRun(int Exit, string Out, string Error, long PeakBytes, TimeSpan Cpu, TimeSpan Wall)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(20);

    /// <summary>The one JSON document of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>The program in the output folder of its own project, built with the tests.</summary>
    public static string Program { get; } = FindProgram();

    public static async Task<MeasuredRun> OfAsync(
        IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments.Prepend(Program))
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "HARNESS_PASSPHRASE", "HARNESS_DEBUG", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_CONNECTION_STRING" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        var (peak, cpu) = (0L, TimeSpan.Zero);
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            cpu = CpuOf(process.Id) ?? cpu;
            if (clock.Elapsed > Limit)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"harness {string.Join(' ', arguments)} did not end within {Limit}.");
            }

            await Task.WhenAny(ended, Task.Delay(Sampling));
        }

        var run = new MeasuredRun(process.ExitCode, await output, await error, peak, cpu, clock.Elapsed);
        await TestContext.Progress.WriteLineAsync(
            $"harness {arguments[0]}: exit {run.Exit}, {run.Wall.TotalSeconds:0.0} s wall, {run.Cpu.TotalSeconds:0.0} s processor, "
            + $"{run.PeakBytes >> 20} MiB peak");
        return run;
    }

    /// <summary>Asserts the exit code, showing all output when it is another.</summary>
    public MeasuredRun Expect(int exit)
    {
        Assert.That(Exit, Is.EqualTo(exit), $"standard output:\n{Out}\nstandard error:\n{Error}");
        return this;
    }

    private static string FindProgram()
    {
        // tests/bin/CONFIGURATION/net10.0 beside scenarios/bin/CONFIGURATION/net10.0.
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "scenarios", "bin", framework.Parent.Name, framework.Name, "harness.dll");
    }

    /// <summary>VmHWM only grows, so that the last sample before the end is the peak; 0 when the process is gone.</summary>
    private static long PeakOf(int processId)
    {
        var line = ReadLines($"/proc/{processId}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null
            ? 0
            : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    private static TimeSpan? CpuOf(int processId)
    {
        // Fields 14 and 15 are ticks of 1/100 s; the second field, the name, may hold spaces.
        var text = ReadLines($"/proc/{processId}/stat").FirstOrDefault();
        var fields = text?[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields is null
            ? null
            : TimeSpan.FromMilliseconds(10 * fields[11..13].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)));
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
