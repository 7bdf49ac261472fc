using System.Diagnostics;
using Harness.Engine.Errors;
using Harness.Simulator.Content;
using Harness.Simulator.Volume;

namespace Harness.Perf.Scale;

/// <summary>
/// The largest data source of the default profile, file by file: so many logical bytes in so many files built, snapshotted,
/// changed in 10,000 places, and compared.
/// </summary>
/// <param name="VolumeBytes">Logical bytes of all files, to the byte.</param>
/// <param name="Files">Files.</param>
/// <param name="BuildSeconds">Wall time of the creation.</param>
/// <param name="BuildCpuSeconds">Processor time of the creation.</param>
/// <param name="SnapshotMicroseconds">One snapshot.</param>
/// <param name="EditSeconds">10,000 writes of one page, each in another file.</param>
/// <param name="DiffMilliseconds">Finding them and their ranges.</param>
/// <param name="Changes">Files found.</param>
/// <param name="DirtyBytes">Bytes found.</param>
/// <param name="PagesVisited">Record pages that the diff looked at.</param>
/// <param name="TotalSeconds">All of the above, wall time.</param>
/// <param name="HeldBytes">Managed memory that volume, snapshot and difference hold.</param>
/// <param name="ResidentBytes">Memory of the process with all of that in it.</param>
internal sealed record HugeRun(
    long VolumeBytes,
    int Files,
    double BuildSeconds,
    double BuildCpuSeconds,
    double SnapshotMicroseconds,
    double EditSeconds,
    double DiffMilliseconds,
    int Changes,
    long DirtyBytes,
    long PagesVisited,
    double TotalSeconds,
    long HeldBytes,
    long ResidentBytes)
{
    private const int Edits = 10_000;

    public static HugeRun Measure(long volumeBytes, int files)
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var processor = Environment.CpuUsage.TotalTime;
        var begin = Stopwatch.GetTimestamp();
        var (each, more) = Math.DivRem(volumeBytes, files);
        var settings = new VolumeSettings { Label = "huge", ClusterBytes = 64 * 1024 };
        var volume = ScaleRun.Build(files, file => file < more ? each + 1 : each, settings);
        var build = Stopwatch.GetElapsedTime(begin);
        var buildProcessor = Environment.CpuUsage.TotalTime - processor;

        var start = Stopwatch.GetTimestamp();
        var snapshot = volume.TakeSnapshot();
        var snapshotTime = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        ScaleRun.Edit(volume, files, Math.Min(Edits, files), new SeededSequence(7));
        var edit = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var difference = snapshot.DiffTo(volume);
        var diff = Stopwatch.GetElapsedTime(start);
        var total = Stopwatch.GetElapsedTime(begin);

        held = GC.GetTotalMemory(forceFullCollection: true) - held;
        var resident = Environment.WorkingSet;
        Invariant.Require(snapshot.Walk().SelectMany(entry => entry.Streams).Sum(stream => stream.SizeBytes) == volumeBytes);
        return new HugeRun(
            volumeBytes,
            files,
            Math.Round(build.TotalSeconds, 2),
            Math.Round(buildProcessor.TotalSeconds, 2),
            Math.Round(snapshotTime.TotalMicroseconds, 2),
            Math.Round(edit.TotalSeconds, 2),
            Math.Round(diff.TotalMilliseconds, 2),
            difference.Changes.Count,
            difference.Changes.Sum(change => change.Streams.Sum(stream => stream.DirtyRanges.Sum(range => range.Length))),
            difference.PagesVisited,
            Math.Round(total.TotalSeconds, 2),
            held,
            resident);
    }
}
