using System.Diagnostics;
using Harness.Engine.Errors;
using Harness.Engine.Local.Ntfs;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Reports.History;
using Harness.Scenarios.Reports.Pages;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Running;

/// <summary>
/// Runs scenarios: plans the cells, runs them side by side within the number of cores, writes results in the order of the
/// plan, and makes the reports.
/// </summary>
/// <param name="openProvider">Makes the provider of a vault by the name that --vault takes.</param>
/// <param name="executor">Runs one cell.</param>
public sealed class ScenarioRunner(Func<string, IVaultProvider> openProvider, ICellExecutor executor)
{
    /// <summary>
    /// Runs. Returns a code of <see cref="RunExitCodes"/>; bad input and an empty selection throw <see cref="BackupException"/>
    /// before anything runs.
    /// </summary>
    public async Task<int> RunAsync(RunOptions options, RunConsole console, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var catalog = ScenarioCatalog.Load(options.Catalog ?? ScenarioCatalog.DefaultDirectory);
        var plan = CellPlanner.Plan(catalog, options);

        // A part of a small run may be empty; that is in order, since the other parts have the cells.
        var shard = ShardSpec.Resolve(options.Shard, options.ShardIndexFromEnvironment, Environment.GetEnvironmentVariable);
        var cells = shard?.Take(plan) ?? plan;
        if (options.List)
        {
            ListReport.Write(console.Out, cells, options);
            return RunExitCodes.Ok;
        }

        var reports = ReportSet.Parse(options.Reports);
        var commit = options.Commit ?? CommitFinder.Find();
        var builder = new ResultBuilder(options, commit, shard?.ToString());
        var header = new RunHeader
        {
            Commit = commit,
            Catalog = CatalogDigest.Of(catalog),
            Seed = options.Seed,
            Source = YamlNames.Of(options.Source.ToString()),
            Shard = shard?.ToString(),
            Started = TimeProvider.System.GetUtcNow(),
            Ended = default,
            Planned = [.. plan.Select(builder.Plan)],
        };
        if (options.Source == SourceKind.Ntfs)
        {
            NtfsImage.RequireSupport();
        }

        using var place = new ResultsPlace(options.OutDirectory, header);
        place.Prepare();

        // Read before anything runs: a history that cannot be read must not cost a run.
        reports.Page = PageContext.Of(catalog, options.History is null ? [] : RunHistory.Read(options.History));
        var providers = new Dictionary<string, IVaultProvider>(StringComparer.Ordinal);
        try
        {
            foreach (var vault in cells.Select(cell => cell.Vault).Distinct(StringComparer.Ordinal))
            {
                providers.Add(vault, openProvider(vault));
                await providers[vault].StartAsync(cancellationToken);
            }

            var watch = Stopwatch.StartNew();
            var ran = await RunCellsAsync(cells, providers, builder, place.PartFile, options, console, cancellationToken);
            var ended = TimeProvider.System.GetUtcNow();
            var (results, wereThere) = place.Publish(ran, ended);
            if (options.History is { } history)
            {
                reports.Page = reports.Page with { History = RunHistory.Add(history, results, ended) };
            }

            reports.Write(options.OutDirectory, results, header with { Ended = ended });
            if (wereThere)
            {
                console.Out.WriteLine($"Part {shard} was run before with these very results; {options.OutDirectory} keeps the earlier ones.");
            }

            SummaryReport.Write(console.Out, results, options.OutDirectory, watch.Elapsed);
            return ExitCode(results, options, cancellationToken);
        }
        finally
        {
            foreach (var provider in providers.Values)
            {
                await provider.DisposeAsync();
            }
        }
    }

    private static int ExitCode(IReadOnlyList<CellResult> results, RunOptions options, CancellationToken cancellationToken)
    {
        var failed = results.Count(r => CellStates.IsFailure(r.State));
        return cancellationToken.IsCancellationRequested ? RunExitCodes.Cancelled
            : options.MaxFailures is { } limit && failed >= limit ? RunExitCodes.MaxFailures
            : failed > 0 ? RunExitCodes.Unexpected
            : RunExitCodes.Ok;
    }

    private async Task<IReadOnlyList<CellResult>> RunCellsAsync(
        IReadOnlyList<PlannedCell> cells,
        Dictionary<string, IVaultProvider> providers,
        ResultBuilder builder,
        string file,
        RunOptions options,
        RunConsole console,
        CancellationToken cancellationToken)
    {
        using var display = new ProgressReport(console, cells);
        using var writer = new OrderedResultWriter(file, cells.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timed = new TimedCell(executor, builder);
        var failures = 0;
        try
        {
            var parallel = new ParallelOptions
            {
                // Mounts are made by processes, which hold for a moment what other cells have open on theirs.
                MaxDegreeOfParallelism = options.Source == SourceKind.Ntfs ? 1 : Math.Max(1, options.Parallel ?? Environment.ProcessorCount),
                CancellationToken = stop.Token,
            };
            await Parallel.ForEachAsync(Enumerable.Range(0, cells.Count), parallel, async (index, token) =>
            {
                display.Started(cells[index]);
                var result = await timed.RunAsync(cells[index], providers[cells[index].Vault], token);
                writer.Put(index, result);
                display.Finished(result);
                if (CellStates.IsFailure(result.State) && Interlocked.Increment(ref failures) >= options.MaxFailures)
                {
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException)
        {
            // The rest is written as not run.
        }

        var why = cancellationToken.IsCancellationRequested ? "The run was cancelled." : "The run ended after too many failures.";
        return writer.Complete(index => builder.NotRun(cells[index], why));
    }
}
