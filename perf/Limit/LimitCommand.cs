using System.CommandLine;
using System.Globalization;
using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Local.Runtime;
using Harness.Engine.Local.Scratch;
using Harness.Engine.Local.Sources;
using Harness.Engine.Ports;
using Harness.Engine.Rules;
using Harness.Perf.Counters;
using Harness.Perf.Macro;
using Harness.Perf.Reporting;
using Harness.Simulator.Vaults;

namespace Harness.Perf.Limit;

/// <summary>
/// The verb that says how far the pipeline is from the sum of its stages: both measured in one process, one after the other, on
/// the same files. 100 % would be a pipeline that costs nothing beside reading, hashing, compressing, encrypting and packing.
/// </summary>
internal static class LimitCommand
{
    private const long MiB = 1 << 20;
    private const int Rounds = 3;

    private static readonly Option<int> FilesOption = CommonOptions.Count("--files", 2_000, "Files of the tree.");
    private static readonly Option<int> ImageOption = CommonOptions.Count("--image-mib", 256, "Size of the one image in MiB.");

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("limit", "The pipeline beside the sum of its stages, in the same run.")
        {
            FilesOption, ImageOption, json, output,
        };
        // Without tiers, so that compiling anew what is hot is neither a cost of the pipeline nor of a stage.
        command.SetAction(async (parsed, cancellationToken) => SettledProcess.IsThis
            ? await RunAsync(
                parsed.GetValue(FilesOption),
                parsed.GetValue(ImageOption),
                parsed.GetValue(json),
                parsed.GetValue(output),
                cancellationToken)
            : await SettledProcess.RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        int files, int imageMiB, bool asJson, DirectoryInfo? output, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BackupException(ErrorCode.PlatformUnsupported, "The run reads a Linux directory.", "Run it on Linux.");
        }

        var directory = Directory.CreateTempSubdirectory("harness-limit-").FullName;
        try
        {
            var source = Path.Combine(directory, "source");
            new MacroTree(source, files, imageMiB * MiB).Create();

            var rounds = new List<LimitFigures>();
            for (var round = 0; round <= Rounds; round++)
            {
                var stages = new StageTimes();
                stages.Measure(Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories));
                var scratch = Path.Combine(directory, $"scratch-{round}");
                var (cost, _) = await ProcessCost.OfAsync(() => RunPipelineAsync(source, scratch, cancellationToken));
                rounds.Add(LimitFigures.Of(stages, cost));
            }

            // The first round is unmeasured: what is compiled on the way is no cost of a stage or of the pipeline.
            var figures = rounds.Skip(1).OrderBy(round => round.ShareOfProcessor).ElementAt(Rounds / 2);
            var surroundings = Surroundings.Now($"limit --files {files} --image-mib {imageMiB}");
            Results.Write(
                "limit",
                new { Surroundings = surroundings, Figures = figures },
                Results.Head("Limit", surroundings) + Table(figures),
                asJson,
                output);
            return ExitCodes.Ok;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<BackupReport> RunPipelineAsync(string source, string scratchPath, CancellationToken cancellationToken)
    {
        using var pool = new ThreadPoolWorkPool();
        using var scratch = new LocalScratch(scratchPath);
        await using var vault = new MemoryVault();
        var services = new EngineServices(TimeProvider.System, new SystemRandomSource(), pool, new NoProgress());
        return await new BackupJob(services).RunAsync(
            new BackupRequest
            {
                Source = new LinuxDirectorySource(source, services.Clock),
                Vault = vault,
                Scratch = scratch,
                Profile = ProfileCatalog.Load(ProfileCatalog.DefaultId),
                Passphrase = new Passphrase("a passphrase for measuring"),
                SourceName = "limit",
                AllowCaseSensitive = true,
                NewRepository = new RepositoryParameters { KdfIterations = 1 },
            },
            cancellationToken);
    }

    private static string Table(LimitFigures figures)
    {
        var table = new MarkdownTable("stage", "CPU s", "MB a CPU second");
        foreach (var (stage, seconds) in figures.StageSeconds)
        {
            table.Add(stage, Number(seconds), Number(figures.Bytes / 1e6 / seconds));
        }

        table.Add("sum of the stages", Number(figures.SumSeconds), Number(figures.Bytes / 1e6 / figures.SumSeconds));
        table.Add("pipeline", Number(figures.PipelineProcessorSeconds), Number(figures.Bytes / 1e6 / figures.PipelineProcessorSeconds));
        return table + string.Create(
            CultureInfo.InvariantCulture,
            $"\nOf the limit: {figures.ShareOfProcessor:P0} by processor time, {figures.ShareOfWall:P0} by the wall clock on all processors.\n");
    }

    private static string Number(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);
}

/// <summary>How far the pipeline is from the sum of its stages.</summary>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="StageSeconds">Processor seconds of each stage alone.</param>
/// <param name="SumSeconds">Their sum.</param>
/// <param name="PipelineProcessorSeconds">Processor seconds of a whole initial backup, listing and commit included.</param>
/// <param name="PipelineWallSeconds">The same by the wall clock.</param>
/// <param name="ShareOfProcessor">Sum over the pipeline's processor time; 1 is the limit.</param>
/// <param name="ShareOfWall">The sum spread over all processors, over the pipeline's wall time; 1 is the limit.</param>
internal sealed record LimitFigures(
    long Bytes,
    IReadOnlyDictionary<string, double> StageSeconds,
    double SumSeconds,
    double PipelineProcessorSeconds,
    double PipelineWallSeconds,
    double ShareOfProcessor,
    double ShareOfWall)
{
    public static LimitFigures Of(StageTimes stages, Cost pipeline)
    {
        var sum = stages.Seconds.Values.Sum();
        return new LimitFigures(
            stages.Bytes,
            stages.Seconds,
            sum,
            pipeline.ProcessorSeconds,
            pipeline.WallSeconds,
            sum / pipeline.ProcessorSeconds,
            sum / Environment.ProcessorCount / pipeline.WallSeconds);
    }
}
