using System.Diagnostics;
using Harness.Engine.Errors;
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
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);

    /// <summary>How long a cell may take to notice that its time is over, before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs. Returns a code of <see cref="RunExitCodes"/>; bad input and an empty selection throw <see cref="BackupException"/>
    /// before anything runs.
    /// </summary>
    public async Task<int> RunAsync(RunOptions options, RunConsole console, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        var catalog = ScenarioCatalog.Load(options.Catalog ?? ScenarioCatalog.DefaultDirectory);
        var cells = CellPlanner.Plan(catalog, options, Environment.GetEnvironmentVariable);
        if (options.List)
        {
            ListReport.Write(console.Out, cells, options);
            return RunExitCodes.Ok;
        }

        var reports = ReportSet.Parse(options.Reports);
        OutDirectory.Prepare(options.OutDirectory);

        // Read before anything runs: a history that cannot be read must not cost a run.
        reports.Page = PageContext.Of(catalog, options.History is null ? [] : RunHistory.Read(options.History));
        var builder = new ResultBuilder(options, options.Commit ?? CommitFinder.Find());
        var providers = new Dictionary<string, IVaultProvider>(StringComparer.Ordinal);
        try
        {
            foreach (var vault in cells.Select(cell => cell.Vault).Distinct(StringComparer.Ordinal))
            {
                providers.Add(vault, openProvider(vault));
                await providers[vault].StartAsync(cancellationToken);
            }

            var watch = Stopwatch.StartNew();
            var results = await RunCellsAsync(cells, providers, builder, options, console, cancellationToken);
            if (options.History is { } history)
            {
                reports.Page = reports.Page with { History = RunHistory.Add(history, results, TimeProvider.System.GetUtcNow()) };
            }

            reports.Write(options.OutDirectory, results);
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
        RunOptions options,
        RunConsole console,
        CancellationToken cancellationToken)
    {
        using var display = new ProgressReport(console, cells);
        using var writer = new OrderedResultWriter(Path.Combine(options.OutDirectory, ResultsFile.FileName), cells.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = 0;
        try
        {
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Max(1, options.Parallel ?? Environment.ProcessorCount),
                CancellationToken = stop.Token,
            };
            await Parallel.ForEachAsync(Enumerable.Range(0, cells.Count), parallel, async (index, token) =>
            {
                display.Started(cells[index]);
                var result = await RunCellAsync(cells[index], providers[cells[index].Vault], builder, token);
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

    private async Task<CellResult> RunCellAsync(
        PlannedCell cell, IVaultProvider provider, ResultBuilder builder, CancellationToken cancellationToken)
    {
        var limit = cell.Cell.Document.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        var watch = Stopwatch.StartNew();
        var trace = new CellTrace();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            // A cell that never looks at its token must not hold up the run, so it is left behind after a grace period.
            var run = Task.Run(() => RunOnVaultAsync(cell, provider, trace, builder.SeedOf(cell), timeout.Token), CancellationToken.None);
            var outcome = await run.WaitAsync(limit + Grace, cancellationToken);
            return builder.Ran(cell, outcome, watch.Elapsed) with { Trace = trace.Tail };
        }
        catch (Exception error) when (IsTimeout(error, timeout.Token, cancellationToken))
        {
            return builder.TimedOut(cell, limit, watch.Elapsed) with { Trace = trace.Tail };
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return builder.Broke(cell, error, watch.Elapsed) with { Trace = trace.Tail };
        }
    }

    private static bool IsTimeout(Exception error, CancellationToken timeout, CancellationToken run) =>
        error is TimeoutException
        || (timeout.IsCancellationRequested && !run.IsCancellationRequested
            && error is OperationCanceledException or BackupException { Code: ErrorCode.Cancelled });

    private async Task<CellOutcome> RunOnVaultAsync(
        PlannedCell cell, IVaultProvider provider, CellTrace trace, long seed, CancellationToken cancellationToken)
    {
        await using var vault = new TracingVault(await provider.OpenFreshAsync(cell.Id, cancellationToken), trace);
        return await executor.RunAsync(cell, vault, seed, cancellationToken);
    }
}
