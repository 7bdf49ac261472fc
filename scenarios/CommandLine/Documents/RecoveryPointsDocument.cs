using Harness.Engine.Backup;
using Harness.Engine.Model;
using Harness.Engine.RecoveryPoints;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>recovery-points --json</c> prints.</summary>
internal sealed record RecoveryPointsDocument(IReadOnlyList<RecoveryPointBody> RecoveryPoints, IReadOnlyList<DamagedPoint> Damaged)
{
    public static RecoveryPointsDocument Of(RecoveryPointListing listing) =>
        new([.. listing.Points.Select(RecoveryPointBody.Of)], listing.Damaged);
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
