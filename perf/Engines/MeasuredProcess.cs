using System.Diagnostics;
using System.Globalization;
using Harness.Engine.Errors;

namespace Harness.Perf.Engines;

/// <summary>
/// Runs one command as a process of its own and says what it cost, its children included. The system's own accounting is asked
/// through time(1): a child of this process would begin with the peak of this one's memory.
/// </summary>
internal static class MeasuredProcess
{
    private const string TimeTool = "/usr/bin/time";

    /// <summary>Why nothing can be measured here; null when it can.</summary>
    public static string? Unavailable => File.Exists(TimeTool) ? null : $"{TimeTool} is not installed (Debian: time)";

    /// <summary>Runs to the end. A failure ends the whole measurement: its figures would mean nothing.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="directory">Where it runs, and where its output is kept until the next one.</param>
    public static ProcessFigures Run(ToolCommand command, string directory)
    {
        Directory.CreateDirectory(directory);
        var (figures, output, errors) = (
            Path.Combine(directory, "figures.txt"), Path.Combine(directory, "stdout.txt"), Path.Combine(directory, "stderr.txt"));
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = command.WorkingDirectory ?? directory };
        foreach (var argument in (string[])
            [
                "-c", "out=$1 err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\"", "sh", output, errors,
                TimeTool, "-q", "-f", "%U %S %M", "-o", figures, .. command.Arguments,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var wall = Stopwatch.GetElapsedTime(clock);
        if (process.ExitCode != 0)
        {
            throw new BackupException(
                ErrorCode.FileInaccessible,
                $"'{string.Join(' ', command.Arguments)}' failed with exit code {process.ExitCode}: {Tail(errors)}",
                "Run it by hand to see why.");
        }

        var parts = File.ReadAllText(figures).Split(' ');
        return new ProcessFigures(
            Math.Round(wall.TotalSeconds, 3),
            Math.Round(Number(parts[0]) + Number(parts[1]), 2),
            (long)Number(parts[2]) << 10,
            File.ReadAllText(output));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Tail(string path)
    {
        var text = File.ReadAllText(path).Trim();
        return text.Length > 600 ? text[^600..] : text;
    }
}

/// <summary>What one process cost.</summary>
/// <param name="WallSeconds">From before its start until it was waited for.</param>
/// <param name="ProcessorSeconds">User and system time, of its children too.</param>
/// <param name="PeakResidentBytes">The most resident memory of it or of one of its children.</param>
/// <param name="Output">What it printed.</param>
internal sealed record ProcessFigures(double WallSeconds, double ProcessorSeconds, long PeakResidentBytes, string Output);

/// <summary>A command line and what goes with it.</summary>
internal sealed record ToolCommand(string[] Arguments, IReadOnlyDictionary<string, string> Environment)
{
    public string? WorkingDirectory { get; init; }
}
