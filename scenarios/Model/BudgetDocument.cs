namespace Harness.Scenarios.Model;

/// <summary>
/// Bounds such as "&lt;= 1.05 * changed + 64KiB". Names: changed (bytes of 4 KiB pages that differ from the previous recovery
/// point, found by the simulator), protected (logical bytes protected), size(PATH) (logical size of a file). Amounts take B,
/// KiB, MiB, GiB, TiB.
/// </summary>
public sealed record BudgetDocument
{
    /// <summary>Bytes sent to the vault, counted on the wire.</summary>
    public Budget? SentBytes { get; init; }

    /// <summary>Bytes received from the vault, counted on the wire.</summary>
    public Budget? ReceivedBytes { get; init; }

    /// <summary>Requests to the vault, counted on the wire.</summary>
    public Budget? Requests { get; init; }

    /// <summary>Bytes read from the source, by the report.</summary>
    public Budget? ReadBytes { get; init; }

    /// <summary>Changed bytes, by the report.</summary>
    public Budget? ChangedBytes { get; init; }

    /// <summary>The most that the scratch location held, by the simulated scratch location.</summary>
    public Budget? ScratchPeakBytes { get; init; }
}
