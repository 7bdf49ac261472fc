using System.CommandLine;
using System.Globalization;
using Harness.Perf.Reporting;

namespace Harness.Perf.Scale;

/// <summary>The verb that measures a simulated volume of many files.</summary>
internal static class ScaleCommand
{
    public static Command Create()
    {
        var files = CommonOptions.Count("--files", 1_000_000, "Files of the volume.");
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("scale", "Memory and time of a simulated volume of many files.") { files, json, output };
        command.SetAction(parsed => Run(parsed.GetValue(files), parsed.GetValue(json), parsed.GetValue(output)));
        return command;
    }

    private static int Run(int files, bool asJson, DirectoryInfo? output)
    {
        var figures = ScaleRun.Measure(files);
        var surroundings = Surroundings.Now($"scale --files {files}");
        Results.Write(
            "scale",
            new ScaleDocument(surroundings, figures),
            Results.Head("Scale", surroundings) + Table(figures),
            asJson,
            output);
        return ExitCodes.Ok;
    }

    private static string Table(ScaleFigures figures)
    {
        var table = new MarkdownTable("figure", "value");
        Add("files", figures.Files);
        Add("bytesPerFile", figures.BytesPerFile);
        Add("residentBytes", figures.ResidentBytes);
        Add("allocatedBytesPerFile", figures.AllocatedBytesPerFile);
        Add("createPerSecond", figures.CreatePerSecond);
        Add("createPerCpuSecond", figures.CreatePerCpuSecond);
        Add("snapshotMicroseconds", figures.SnapshotMicroseconds);
        Add("diffMilliseconds", figures.DiffMilliseconds);
        Add("diffEdits", figures.DiffEdits);
        return table.ToString();

        void Add(string name, double value) => table.Add(name, value.ToString("#,0.##", CultureInfo.InvariantCulture));
    }
}
