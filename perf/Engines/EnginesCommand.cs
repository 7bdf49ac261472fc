using System.CommandLine;
using System.Globalization;
using Harness.Engine.Errors;
using Harness.Perf.Reporting;

namespace Harness.Perf.Engines;

/// <summary>The verb that measures ours beside other backup programs. Its times are recorded and never gate.</summary>
internal static class EnginesCommand
{
    private const string MemoryDirectory = "/dev/shm";
    private const string Directories = "directory";
    private const string Azurite = "azurite";

    private static readonly Option<int> FilesOption = CommonOptions.Count("--files", 20_000, "Files of the tree.");
    private static readonly Option<int> ImageOption = CommonOptions.Count("--image-mib", 512, "Size of the one image in MiB.");
    private static readonly Option<int> RoundsOption = CommonOptions.Count("--rounds", 3, "Rounds; tables have the median.");
    private static readonly Option<string[]> ToolsOption = new("--tools")
    {
        Description = "Those to measure: harness, restic, borg.",
        DefaultValueFactory = _ => ["harness", "restic", "borg"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> StorageOption = new("--storage")
    {
        Description = "Where repositories are: directory, or azurite (ours with its Azure vault, restic through rclone).",
        DefaultValueFactory = _ => Directories,
    };

    private static readonly Option<FileInfo?> HarnessOption = new("--harness")
    {
        Description = "The published program to measure (default: the scenarios project, published now).",
    };

    private static readonly Option<DirectoryInfo?> WorkOption = new("--work")
    {
        Description = "Where everything is made, below a new directory that is deleted afterwards (default: /dev/shm where there is one).",
    };

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("engines", "The engine as published beside restic and borg, each step a process.")
        {
            FilesOption, ImageOption, RoundsOption, ToolsOption, StorageOption, HarnessOption, WorkOption, json, output,
        };
        StorageOption.AcceptOnlyFromAmong(Directories, Azurite);
        command.SetAction(parsed => Run(parsed, parsed.GetValue(json), parsed.GetValue(output)));
        return command;
    }

    private static int Run(ParseResult parsed, bool asJson, DirectoryInfo? output)
    {
        if (!OperatingSystem.IsLinux() || MeasuredProcess.Unavailable is not null)
        {
            throw new BackupException(
                ErrorCode.PlatformUnsupported,
                $"The comparison needs Linux and time(1): {MeasuredProcess.Unavailable ?? "this is another system"}.",
                "Run build/install-system-packages.sh on Debian.");
        }

        var (files, imageMiB, rounds) =
            (parsed.GetValue(FilesOption), parsed.GetValue(ImageOption), parsed.GetValue(RoundsOption));
        var work = parsed.GetValue(WorkOption)?.FullName
            ?? (Directory.Exists(MemoryDirectory) ? MemoryDirectory : Path.GetTempPath());
        var directory = Path.Combine(work, $"harness-engines-{Environment.ProcessId}");
        Directory.CreateDirectory(directory);
        try
        {
            var program = parsed.GetValue(HarnessOption)?.FullName ?? HarnessPublish.To(Path.Combine(directory, "harness"));
            var storage = parsed.GetValue(StorageOption)!;
            using var server = storage == Azurite ? AzuriteServer.Start(program) : null;
            var (tools, versions) = Select(parsed.GetValue(ToolsOption)!, program, server);
            var run = new EnginesRun(directory, files, (long)imageMiB << 20, tools);
            var load = Load();
            var steps = run.Run(rounds);
            var surroundings = Surroundings.Now($"compare engines --files {files} --image-mib {imageMiB} --rounds {rounds} --storage {storage}");
            var document = new EnginesDocument(
                surroundings, versions, work, load, Load(), files + 1, run.SourceBytes, EnginesTable.Ratios(steps), steps);
            Results.Write("compare-engines", document, Markdown(document), asJson, output);
            return ExitCodes.Ok;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static (List<BackupTool> Tools, Dictionary<string, string> Versions) Select(
        string[] names, string program, AzuriteServer? server)
    {
        var tools = new List<BackupTool>();
        var versions = new Dictionary<string, string>();
        foreach (var name in names)
        {
            if (name == "borg" && server is not null)
            {
                versions[name] = "skipped: it writes to a file system or to its own server, not to a blob store";
                continue;
            }

            BackupTool tool = name switch
            {
                "harness" => new HarnessTool(program, server is null ? new DirectoryStorage("dir:") : AzuriteStorage.ForHarness(server)),
                "restic" => server is null
                    ? new ResticTool(new DirectoryStorage(""))
                    : new ResticTool(AzuriteStorage.ForRestic(server), throughRclone: true),
                "borg" => new BorgTool(new DirectoryStorage("")),
                _ => throw new BackupException(
                    ErrorCode.ArgumentInvalid, $"--tools has '{name}'.", "Give some of harness, restic, borg."),
            };
            versions[name] = tool.Version ?? $"skipped: not installed (build/install-system-packages.sh {name}; through Azurite rclone too)";
            if (tool.Version is not null)
            {
                tools.Add(tool);
            }
        }

        return (tools, versions);
    }

    private static string Markdown(EnginesDocument at) =>
        Results.Head("Engines", at.Surroundings)
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{at.Files:N0} files, {at.SourceBytes / (double)(1 << 20):N0} MiB, all in {at.Work}; load {at.LoadBefore} to {at.LoadAfter}. ")
        + "The page cache is warm for every tool: the tree was just written. A repository is made before the measurement where the "
        + "tool has a command of its own for it (restic, borg).\n\n"
        + string.Concat(at.Versions.Select(pair => $"- {pair.Key}: {pair.Value}\n")) + "\n"
        + EnginesTable.Of(at.Ratios) + "\n" + EnginesTable.Of(at.Steps);

    private static double Load() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>The JSON document of the verb.</summary>
internal sealed record EnginesDocument(
    Surroundings Surroundings,
    IReadOnlyDictionary<string, string> Versions,
    string Work,
    double LoadBefore,
    double LoadAfter,
    int Files,
    long SourceBytes,
    IReadOnlyList<EngineRatio> Ratios,
    IReadOnlyList<EngineStep> Steps);
