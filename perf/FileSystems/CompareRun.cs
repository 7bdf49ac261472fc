using System.Diagnostics;
using Harness.Engine.Errors;

namespace Harness.Perf.FileSystems;

/// <summary>Fills one file system with empty files and measures it.</summary>
internal static class CompareRun
{
    private const int FilesPerDirectory = 100;
    private const int WarmUpFiles = 2_000;
    private const int WarmUpRounds = 8;
    private const int ListedDirectories = 100;
    private const double ListSeconds = 0.3;

    /// <summary>Measures all sizes, ascending; one that would take longer than the budget to create is left out.</summary>
    public static IEnumerable<ComparedRow> Measure(Func<int, IComparedSystem> make, IEnumerable<int> sizes, int budgetSeconds)
    {
        WarmUp(make);
        var perFile = 0.0;
        foreach (var files in sizes)
        {
            if (perFile * files > budgetSeconds)
            {
                continue;
            }

            var row = Measure(make, files, out var seconds);
            perFile = seconds / files;
            yield return row;
        }
    }

    private static ComparedRow Measure(Func<int, IComparedSystem> make, int files, out double seconds)
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        using var system = make(files);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        Fill(system, files);
        seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var processorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        held = GC.GetTotalMemory(forceFullCollection: true) - held;
        var (list, listProcessor) = List(system, files);
        return new ComparedRow(
            system.Name,
            files,
            system.IsInMemory ? Math.Round(held / (double)files, 1) : null,
            Math.Round(files / seconds),
            Math.Round(files / processorSeconds),
            Math.Round(list, 1),
            Math.Round(listProcessor, 1));
    }

    /// <summary>What is timed must be compiled first; outside of this process there is little to compile.</summary>
    private static void WarmUp(Func<int, IComparedSystem> make)
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            using var system = make(WarmUpFiles);
            Fill(system, WarmUpFiles);
            List(system, WarmUpFiles);
            if (!system.IsInMemory)
            {
                return;
            }
        }
    }

    private static void Fill(IComparedSystem system, int files)
    {
        for (var i = 0; i < files; i++)
        {
            if (i % FilesPerDirectory == 0)
            {
                system.CreateDirectory(DirectoryOf(i));
            }

            system.CreateFile(DirectoryOf(i), $"file{i}.dat");
        }
    }

    /// <summary>Microseconds of one listing, on average over directories far apart: by the clock, and of the processor.</summary>
    private static (double Wall, double Processor) List(IComparedSystem system, int files)
    {
        var directories = files / FilesPerDirectory;
        var step = Math.Max(directories / ListedDirectories, 1);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        do
        {
            var listed = system.List(DirectoryOf((int)((long)count * step % directories) * FilesPerDirectory));
            Invariant.Require(listed == FilesPerDirectory);
            count++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < ListSeconds);
        return (
            Stopwatch.GetElapsedTime(start).TotalMicroseconds / count,
            (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / count);
    }

    private static string DirectoryOf(int file) => $"folder{file / FilesPerDirectory}";
}
