using System.CommandLine;
using System.Globalization;
using Harness.Engine.Errors;
using Harness.Perf.Reporting;

namespace Harness.Perf.Macro;

/// <summary>The verb that measures whole runs on a real tree. Its times are recorded and never gate.</summary>
internal static class MacroCommand
{
    private const long MiB = 1 << 20;

    private static readonly Option<int> FilesOption = CommonOptions.Count("--files", 2_000, "Files of the tree.");
    private static readonly Option<int> ImageOption = CommonOptions.Count("--image-mib", 64, "Size of the one image in MiB.");
    private static readonly Option<DirectoryInfo?> WorkOption = new("--work")
    {
        Description = "Where to make the tree, vault and target: a new directory below this one, deleted afterwards (default: the temporary directory).",
    };

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("macro", "The engine in this process on a real tree and a directory vault, step by step.")
        {
            FilesOption, ImageOption, WorkOption, json, output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(FilesOption),
            parsed.GetValue(ImageOption),
            parsed.GetValue(WorkOption)?.FullName ?? Path.GetTempPath(),
            parsed.GetValue(json),
            parsed.GetValue(output),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        int files, int imageMiB, string work, bool asJson, DirectoryInfo? output, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported, "The macro run reads and restores a Linux directory.", "Run it on Linux.");
        }

        Directory.CreateDirectory(work);
        var directory = Path.Combine(work, $"harness-macro-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(directory);
            var tree = new MacroTree(MacroRun.SourceOf(directory), files, imageMiB * MiB);
            var sourceBytes = tree.Create();
            await Console.Error.WriteLineAsync($"Made {files + 1} files, {sourceBytes / MiB} MiB; measuring...");
            var steps = await new MacroRun(directory, tree).RunAsync(cancellationToken);
            var surroundings = Surroundings.Now($"macro --files {files} --image-mib {imageMiB}");
            Results.Write(
                "macro",
                new { Surroundings = surroundings, Files = files + 1, SourceBytes = sourceBytes, Steps = steps },
                Results.Head("Macro", surroundings) + $"{files + 1:N0} files, {Show(sourceBytes)} MiB.\n\n" + Table(steps),
                asJson,
                output);
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return ExitCodes.Ok;
    }

    internal static string Table(IReadOnlyList<MacroStep> steps)
    {
        var table = new MarkdownTable(
            "step, MiB", "wall s", "CPU s", "peak", "allocated", "edited", "changed", "read", "sent", "stored", "received", "requests", "scratch");
        foreach (var step in steps)
        {
            table.Add(
                step.Step,
                Seconds(step.Cost.WallSeconds),
                Seconds(step.Cost.ProcessorSeconds),
                Show(step.Cost.PeakResidentBytes),
                Show(step.Cost.AllocatedBytes),
                Show(step.EditedBytes),
                Show(step.ChangedBytes),
                Show(step.ReadBytes),
                Show(step.SentBytes),
                Show(step.StoredBytes),
                Show(step.ReceivedBytes),
                step.Requests?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                Show(step.ScratchPeakBytes));
        }

        return table.ToString();
    }

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>In MiB: whole numbers when large, since the rest is noise, and two digits when small.</summary>
    private static string Show(long? bytes) => bytes is { } value
        ? (value / (double)MiB).ToString(value >= 100 * MiB ? "N0" : "0.00", CultureInfo.InvariantCulture)
        : "";
}
