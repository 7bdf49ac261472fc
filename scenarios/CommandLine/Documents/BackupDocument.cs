using Harness.Engine.Backup;
using Harness.Engine.Model;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>backup --json</c> prints. The names are a promise to scripts.</summary>
internal sealed record BackupDocument
{
    public required long? RecoveryPoint { get; init; }

    public required BackupMode Mode { get; init; }

    public required IReadOnlyList<ReportNote> Fallbacks { get; init; }

    public required ProtectedBody Protected { get; init; }

    /// <summary>Of a dry run, what the run would do; null else.</summary>
    public required DryRunPlan? Planned { get; init; }

    public required long ChangedBytes { get; init; }

    public required long ReadBytes { get; init; }

    public required long SentBytes { get; init; }

    public required long StoredBytes { get; init; }

    public required long Requests { get; init; }

    public required long ScratchPeakBytes { get; init; }

    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    public required IReadOnlyList<ReportNote> Warnings { get; init; }

    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    public required IReadOnlyList<FailedItem> Failed { get; init; }

    public required IReadOnlyList<string> FullOnly { get; init; }

    public required string SourceName { get; init; }

    public required string Profile { get; init; }

    public required ConsistencyLevel Consistency { get; init; }

    public required AlertLevel Alert { get; init; }

    /// <summary>The document of a report.</summary>
    public static BackupDocument Of(BackupReport report) => new()
    {
        RecoveryPoint = report.RecoveryPoint,
        Mode = report.Mode,
        Fallbacks = report.Fallbacks,
        Protected = ProtectedBody.Of(report.Protected),
        Planned = report.Planned,
        ChangedBytes = report.ChangedBytes,
        ReadBytes = report.ReadBytes,
        SentBytes = report.SentBytes,
        StoredBytes = report.StoredBytes,
        Requests = report.Requests,
        ScratchPeakBytes = report.ScratchPeakBytes,
        Phases = report.Phases,
        Warnings = report.Warnings,
        Skipped = report.Skipped,
        Failed = report.Failed,
        FullOnly = report.FullOnly,
        SourceName = report.SourceName,
        Profile = report.Profile,
        Consistency = report.Consistency,
        Alert = report.Alert,
    };
}

/// <summary>Totals of what is protected.</summary>
internal sealed record ProtectedBody(long Files, long LogicalBytes, long AllocatedBytes, long Directories)
{
    public static ProtectedBody Of(ProtectedTotals totals) =>
        new(totals.Files, totals.LogicalBytes, totals.AllocatedBytes, totals.Directories);
}
