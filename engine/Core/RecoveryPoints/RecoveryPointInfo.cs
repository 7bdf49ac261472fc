namespace Harness.Engine.RecoveryPoints;

/// <summary>One recovery point as a list shows it.</summary>
public sealed record RecoveryPointInfo
{
    /// <summary>Its data source.</summary>
    public required string SourceName { get; init; }

    /// <summary>Number, from 1.</summary>
    public required long RecoveryPoint { get; init; }

    /// <summary>When its snapshot was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Full or incremental.</summary>
    public required Backup.BackupMode Mode { get; init; }

    /// <summary>Consistency of the snapshot.</summary>
    public required Model.ConsistencyLevel Consistency { get; init; }

    /// <summary>Rule profile in force.</summary>
    public required string Profile { get; init; }

    /// <summary>What it protects.</summary>
    public required Backup.ProtectedTotals Protected { get; init; }

    /// <summary>Bytes that differed from the recovery point before it.</summary>
    public required long ChangedBytes { get; init; }

    /// <summary>Number of entries and streams skipped by the rules.</summary>
    public required long SkippedCount { get; init; }

    /// <summary>Number of entries that could not be read.</summary>
    public required long FailedCount { get; init; }
}
