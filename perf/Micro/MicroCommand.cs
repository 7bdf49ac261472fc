using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Harness.Perf.Micro;

/// <summary>The verb that runs the BenchmarkDotNet suites, one for each stage of the engine and the simulator.</summary>
internal static class MicroCommand
{
    private static readonly Option<string[]> FilterOption = new("--filter")
    {
        Description = "Only benchmarks whose full name matches, such as '*Codec*' '*Pack*'.",
        DefaultValueFactory = _ => ["*"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> LongOption = new("--long")
    {
        Description = "BenchmarkDotNet's default job instead of three short iterations: minutes instead of seconds.",
    };

    public static Command Create()
    {
        var json = CommonOptions.Json();
        var output = CommonOptions.Out();
        var command = new Command("micro", "BenchmarkDotNet suites of each stage, with allocations.")
        {
            FilterOption, LongOption, json, output,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(FilterOption)!, parsed.GetValue(LongOption), parsed.GetValue(json), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string[] filters, bool isLong, bool asJson, DirectoryInfo? output)
    {
        var job = isLong ? Job.Default : Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(100));
        var config = ManualConfig.CreateEmpty()
            // In this process: no project is generated and built for each suite, which needs a feed and takes a minute.
            .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief)
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
            .HideColumns("Error", "StdDev", "Median", "Gen0", "Gen1", "Gen2")
            .WithArtifactsPath(output?.FullName ?? Path.Combine(Path.GetTempPath(), "harness-micro"))
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
        if (!asJson)
        {
            config.AddLogger(ConsoleLogger.Default);
        }

        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(["--filter", .. filters], config).ToList();
        if (summaries.Count == 0)
        {
            Console.Error.WriteLine("No benchmark matches.");
            return ExitCodes.BadInput;
        }

        if (asJson)
        {
            var file = Directory.EnumerateFiles(summaries[0].ResultsDirectoryPath, "*-report-brief.json")
                .OrderByDescending(File.GetLastWriteTimeUtc).First();
            Console.Out.WriteLine(File.ReadAllText(file));
        }

        return summaries.TrueForAll(summary => summary.Reports.All(report => report.Success)) ? ExitCodes.Ok : ExitCodes.Unexpected;
    }
}
