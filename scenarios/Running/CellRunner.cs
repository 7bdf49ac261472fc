using Harness.Engine.Ports;
using Harness.Scenarios.Running.Ntfs;

namespace Harness.Scenarios.Running;

/// <summary>
/// Runs cells on the reference engine: each with its own simulated volumes, scratch, clock and seeded randomness, so that
/// cells share nothing but the process.
/// </summary>
/// <param name="source">What the volumes are.</param>
public sealed class CellRunner(SourceKind source = SourceKind.Simulated) : ICellExecutor
{
    /// <inheritdoc/>
    public async ValueTask<CellOutcome> RunAsync(
        PlannedCell cell, IVault vault, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(vault);
        await using var world = new CellWorld(cell, vault, seed, source);
        try
        {
            return await new StepRunner(world, cell.Cell).RunAsync(cancellationToken);
        }
        catch (NotHeldException reason)
        {
            return new CellOutcome { Mismatches = [], Steps = [], Expected = "", Actual = "", Skipped = reason.Message };
        }
    }
}
