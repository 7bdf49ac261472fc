using System.CommandLine;
using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Scale;

/// <summary>The verb that measures a simulated volume of many files.</summary>
internal static class ScaleCommand
{
    private const int HugeFiles = 1_000_000;
    private const int LazyFiles = 100_000_000;

    /// <summary>The largest data source of the default profile: 54,400 GB of 2^30 bytes.</summary>
    private const int HugeGiB = 54_400;

    public static Command Create()
    {
        var files = CommonOptions.Count("--files", 1_000_000, "Files of the volume.");
        var volumeGiB = CommonOptions.Count("--volume-gib", HugeGiB, "Logical GiB of the huge volume.");
        var volumeFiles = CommonOptions.Count("--volume-files", HugeFiles, "Files of the huge volume.");
        var lazyFiles = CommonOptions.Count("--lazy-files", LazyFiles, "Files of the generated tree.");
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("scale", "Memory and time of simulated volumes of many files.")
        {
            files, volumeGiB, volumeFiles, lazyFiles, json, output,
        };
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(files);
            var figures = ScaleRun.Measure(count);
            var document = new ScaleDocument(
                Surroundings.Now($"scale --files {count}"),
                figures,
                ContentRate.Measure(),
                HugeRun.Measure((long)parsed.GetValue(volumeGiB) << 30, parsed.GetValue(volumeFiles)),
                LazyRun.Measure(parsed.GetValue(lazyFiles)));
            var markdown = Results.Head("Scale", document.Surroundings) + Tables(document);
            Results.Write("scale", document, markdown, parsed.GetValue(json), parsed.GetValue(output));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Tables(ScaleDocument document)
    {
        var (figures, content, huge, lazy) = (document.Figures, document.ContentBytesPerSecond, document.Huge, document.Lazy);
        return Table(
            "ordinary files",
            ("files", figures.Files),
            ("bytesPerFile", figures.BytesPerFile),
            ("residentBytes", figures.ResidentBytes),
            ("allocatedBytesPerFile", figures.AllocatedBytesPerFile),
            ("createPerSecond", figures.CreatePerSecond),
            ("createPerCpuSecond", figures.CreatePerCpuSecond),
            ("snapshotMicroseconds", figures.SnapshotMicroseconds),
            ("diffMilliseconds", figures.DiffMilliseconds),
            ("diffCpuMilliseconds", figures.DiffCpuMilliseconds),
            ("diffEdits", figures.DiffEdits))
            + Table(
                "content, bytes a CPU second",
                ("incompressible", content.Incompressible),
                ("half", content.Half),
                ("text", content.Text))
            + Table(
                "huge volume",
                ("volumeBytes", huge.VolumeBytes),
                ("files", huge.Files),
                ("buildSeconds", huge.BuildSeconds),
                ("buildCpuSeconds", huge.BuildCpuSeconds),
                ("snapshotMicroseconds", huge.SnapshotMicroseconds),
                ("editSeconds", huge.EditSeconds),
                ("diffMilliseconds", huge.DiffMilliseconds),
                ("changes", huge.Changes),
                ("dirtyBytes", huge.DirtyBytes),
                ("pagesVisited", huge.PagesVisited),
                ("totalSeconds", huge.TotalSeconds),
                ("heldBytes", huge.HeldBytes),
                ("residentBytes", huge.ResidentBytes))
            + Table(
                "generated tree",
                ("files", lazy.Files),
                ("directories", lazy.Directories),
                ("createMicroseconds", lazy.CreateMicroseconds),
                ("heldBytesUntouched", lazy.HeldBytesUntouched),
                ("lookupNanoseconds", lazy.LookupNanoseconds),
                ("walkPerSecond", lazy.WalkPerSecond),
                ("snapshotMicroseconds", lazy.SnapshotMicroseconds),
                ("editSeconds", lazy.EditSeconds),
                ("diffMilliseconds", lazy.DiffMilliseconds),
                ("heldBytesEdited", lazy.HeldBytesEdited));
    }

    private static string Table(string title, params (string Name, double Value)[] rows)
    {
        var table = new MarkdownTable(title, "value");
        foreach (var (name, value) in rows)
        {
            table.Add(name, value.ToString("#,0.##", CultureInfo.InvariantCulture));
        }

        return table + "\n";
    }
}
