using System.Diagnostics;
using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Perf.Scale;

/// <summary>Builds one simulated volume of many files, 1,000 in a directory, and measures what it costs.</summary>
internal static class ScaleRun
{
    private const int FilesPerDirectory = 1_000;
    private const int WarmUpFiles = FilesPerDirectory * 20;
    private const int EditsWanted = 10_000;
    private const int Rounds = 5;

    public static ScaleFigures Measure(int files)
    {
        WarmUp();
        var heldBefore = GC.GetTotalMemory(forceFullCollection: true);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var processorBefore = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var volume = Build(files, SizeOf, new VolumeSettings { Label = "scale" });
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var processorSeconds = (Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var held = GC.GetTotalMemory(forceFullCollection: true) - heldBefore;
        var resident = Environment.WorkingSet;
        var (snapshots, diffs, processorTimes) = Diffs(volume, files);
        return new ScaleFigures(
            files,
            Math.Round(held / (double)files, 1),
            resident,
            Math.Round(allocated / (double)files, 1),
            Math.Round(files / seconds),
            Math.Round(files / processorSeconds),
            Math.Round(Median(snapshots), 2),
            Math.Round(Median(diffs), 2),
            Math.Round(Median(processorTimes), 2),
            Math.Min(files, EditsWanted));
    }

    /// <summary>Makes a volume; the paths are composed here, as a program would.</summary>
    public static SimVolume Build(int files, Func<int, long> sizeOf, VolumeSettings settings)
    {
        var volume = new SimVolume(settings, new SimClock());
        for (var i = 0; i < files; i++)
        {
            if (i % FilesPerDirectory == 0)
            {
                volume.CreateDirectory($"folder{i / FilesPerDirectory}");
            }

            volume.CreateFile(PathOf(i), sizeOf(i));
        }

        return volume;
    }

    public static string PathOf(int file) => $"folder{file / FilesPerDirectory}/file{file}.dat";

    /// <summary>Writes one page into so many different files, at random.</summary>
    public static void Edit(SimVolume volume, int files, int edits, SeededSequence random)
    {
        var edited = new HashSet<int>();
        while (edited.Count < edits)
        {
            var file = random.Below(files);
            if (edited.Add(file))
            {
                volume.WriteGenerated(PathOf(file), 0, 4096, random.Next());
            }
        }
    }

    /// <summary>What is timed must be compiled first: on a small volume, long enough for the second tier.</summary>
    public static void WarmUp()
    {
        for (var i = 0; i < 5; i++)
        {
            Diffs(Build(WarmUpFiles, SizeOf, new VolumeSettings()), WarmUpFiles);
            Thread.Sleep(100);
        }
    }

    private static (List<double> Snapshots, List<double> Diffs, List<double> ProcessorTimes) Diffs(SimVolume volume, int files)
    {
        var edits = Math.Min(files, EditsWanted);
        var random = new SeededSequence(5);
        var snapshots = new List<double>();
        var diffs = new List<double>();
        var processorTimes = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var before = volume.TakeSnapshot();
            snapshots.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            Edit(volume, files, edits, random);
            var processor = Environment.CpuUsage.TotalTime;
            start = Stopwatch.GetTimestamp();
            var difference = before.DiffTo(volume);
            diffs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            processorTimes.Add((Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
            Invariant.Require(difference.Changes.Count == edits);
        }

        return (snapshots, diffs, processorTimes);
    }

    private static long SizeOf(int file) => 10_000 + (file % 100_000);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
