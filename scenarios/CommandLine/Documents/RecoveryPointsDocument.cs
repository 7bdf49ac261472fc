using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Engine.RecoveryPoints;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>recovery-points --json</c> prints.</summary>
internal sealed record RecoveryPointsDocument(IReadOnlyList<RecoveryPointBody> RecoveryPoints)
{
    public static RecoveryPointsDocument Of(IReadOnlyList<RecoveryPointInfo> points) =>
        new([.. points.Select(RecoveryPointBody.Of)]);
}

/// <summary>One recovery point.</summary>
internal sealed record RecoveryPointBody(
    string SourceName,
    long RecoveryPoint,
    DateTimeOffset TakenAt,
    BackupMode Mode,
    ConsistencyLevel Consistency,
    string Profile,
    ProtectedBody Protected,
    long ChangedBytes,
    long SkippedCount,
    long FailedCount)
{
    public static RecoveryPointBody Of(RecoveryPointInfo point) => new(
        point.SourceName,
        point.RecoveryPoint,
        point.TakenAt,
        point.Mode,
        point.Consistency,
        point.Profile,
        ProtectedBody.Of(point.Protected),
        point.ChangedBytes,
        point.SkippedCount,
        point.FailedCount);
}
