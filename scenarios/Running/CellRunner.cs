using Harness.Engine.Ports;

namespace Harness.Scenarios.Running;

/// <summary>
/// Runs cells on the reference engine: each with its own simulated volumes, scratch, clock and seeded randomness, so that
/// cells share nothing but the process.
/// </summary>
public sealed class CellRunner : ICellExecutor
{
    /// <inheritdoc/>
    public async ValueTask<CellOutcome> RunAsync(
        PlannedCell cell, IVault vault, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(vault);
        var world = new CellWorld(cell, vault, seed);
        var steps = new StepRunner(world, cell.Cell);
        return await steps.RunAsync(cancellationToken);
    }
}
