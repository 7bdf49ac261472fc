using Harness.Engine.Backup;
using Harness.Engine.Errors;

namespace Harness.Perf.Macro;

/// <summary>One measured step. A tool that is measured beside the engine later has the same fields, filled as far as it tells.</summary>
internal sealed record MacroStep
{
    /// <summary>Who was measured.</summary>
    public string Tool { get; init; } = "harness";

    public required string Step { get; init; }

    public required Cost Cost { get; init; }

    /// <summary>Bytes that the edit before the step truly changed; null where none was made.</summary>
    public long? EditedBytes { get; init; }

    public long? ChangedBytes { get; init; }

    public long? ReadBytes { get; init; }

    public long? SentBytes { get; init; }

    public long? StoredBytes { get; init; }

    public long? ReceivedBytes { get; init; }

    public long? Requests { get; init; }

    public long? ScratchPeakBytes { get; init; }

    /// <summary>A backup, by its report.</summary>
    public static MacroStep Of(string step, Cost cost, long? editedBytes, BackupReport report)
    {
        Invariant.Require(report.Failed.Count == 0);
        return new MacroStep
        {
            Step = step,
            Cost = cost,
            EditedBytes = editedBytes,
            ChangedBytes = report.ChangedBytes,
            ReadBytes = report.ReadBytes,
            SentBytes = report.SentBytes,
            StoredBytes = report.StoredBytes,
            Requests = report.Requests,
            ScratchPeakBytes = report.ScratchPeakBytes,
        };
    }
}
