using System.Diagnostics;
using Harness.Simulator.Content;
using Harness.Simulator.Kernel;
using Harness.Simulator.Volume;

namespace Harness.Perf.Scale;

/// <summary>What a generated tree costs: making it, looking things up in it, walking a part, changing it in 10,000 places.</summary>
/// <param name="Files">Files of the tree.</param>
/// <param name="Directories">Directories of the tree.</param>
/// <param name="CreateMicroseconds">Making it.</param>
/// <param name="HeldBytesUntouched">Managed memory of the whole volume while nobody has looked.</param>
/// <param name="LookupNanoseconds">Finding a file by its path, at random.</param>
/// <param name="WalkPerSecond">Entries walked in a second.</param>
/// <param name="SnapshotMicroseconds">One snapshot.</param>
/// <param name="EditSeconds">10,000 writes, each in another file, at random.</param>
/// <param name="DiffMilliseconds">Finding them.</param>
/// <param name="HeldBytesEdited">Managed memory of the volume then, the snapshot included.</param>
internal sealed record LazyRun(
    long Files,
    long Directories,
    double CreateMicroseconds,
    long HeldBytesUntouched,
    double LookupNanoseconds,
    double WalkPerSecond,
    double SnapshotMicroseconds,
    double EditSeconds,
    double DiffMilliseconds,
    long HeldBytesEdited)
{
    private const int FilesPerDirectory = 900;
    private const int Lookups = 200_000;
    private const int Walked = 500_000;
    private const int Edits = 10_000;

    public static LazyRun Measure(long files)
    {
        Run(100_000);
        return Run(files);
    }

    private static LazyRun Run(long files)
    {
        var shape = new TreeShape
        {
            Files = files,
            Directories = Math.Max(files / FilesPerDirectory, 1),
            Sizes = [1_000, 20_000, 300_000],
        };
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var volume = new SimVolume(new VolumeSettings { ClusterBytes = 64 * 1024 }, new SimClock());
        var start = Stopwatch.GetTimestamp();
        volume.CreateGeneratedTree("tree", shape, 1);
        var create = Stopwatch.GetElapsedTime(start);
        var untouched = GC.GetTotalMemory(forceFullCollection: true) - held;

        var random = new SeededSequence(3);
        var paths = new List<string>(Lookups);
        for (var i = 0; i < Lookups; i++)
        {
            // Records of a tree lie side by side: any number among them is a file's.
            paths.Add(volume.Find(new FileReference((ulong)(64 + shape.Directories + random.Below(files - 1)), 1))!.Path);
        }

        start = Stopwatch.GetTimestamp();
        foreach (var path in paths)
        {
            volume.QueryAllocatedRanges(path);
        }

        var lookup = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var walked = volume.Walk().Take(Walked).Count();
        var walk = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        var snapshot = volume.TakeSnapshot();
        var snapshotTime = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        foreach (var path in paths.Take(Edits))
        {
            volume.WriteGenerated(path, 0, 4096, random.Next());
        }

        var edit = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        snapshot.DiffTo(volume);
        var diff = Stopwatch.GetElapsedTime(start);
        paths = [];
        var edited = GC.GetTotalMemory(forceFullCollection: true) - held;
        GC.KeepAlive(snapshot);
        GC.KeepAlive(volume);
        return new LazyRun(
            shape.Files,
            shape.Directories,
            Math.Round(create.TotalMicroseconds, 1),
            untouched,
            Math.Round(lookup.TotalNanoseconds / Lookups),
            Math.Round(walked / walk.TotalSeconds),
            Math.Round(snapshotTime.TotalMicroseconds, 2),
            Math.Round(edit.TotalSeconds, 2),
            Math.Round(diff.TotalMilliseconds, 2),
            edited);
    }
}
