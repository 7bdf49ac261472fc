using System.Diagnostics;
using Harness.Engine.Errors;

namespace Harness.Scenarios.Running;

/// <summary>Runs one cell within its time and makes its result, whatever becomes of it. Safe for concurrent calls.</summary>
/// <param name="executor">Runs the cell.</param>
/// <param name="builder">Makes the result.</param>
internal sealed class TimedCell(ICellExecutor executor, ResultBuilder builder)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(120);

    /// <summary>How long a cell may take to notice that its time is over, before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs on a fresh vault; throws only when the run itself is cancelled.</summary>
    public async Task<CellResult> RunAsync(PlannedCell cell, IVaultProvider provider, CancellationToken cancellationToken)
    {
        var limit = cell.Cell.Document.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        var watch = Stopwatch.StartNew();
        var trace = new CellTrace();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            // A cell that never looks at its token must not hold up the run, so it is left behind after a grace period.
            var run = Task.Run(() => RunOnVaultAsync(cell, provider, trace, timeout.Token), CancellationToken.None);
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
        PlannedCell cell, IVaultProvider provider, CellTrace trace, CancellationToken cancellationToken)
    {
        await using var vault = new TracingVault(await provider.OpenFreshAsync(cell.Id, cancellationToken), trace);
        return await executor.RunAsync(cell, vault, builder.SeedOf(cell), cancellationToken);
    }
}
