using Harness.Engine.Backup;
using Harness.Engine.Verify;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>verify --json</c> prints.</summary>
internal sealed record VerifyDocument(
    bool Ok,
    long RecoveryPoint,
    string SourceName,
    long Files,
    long Directories,
    long ReadBytes,
    long ReceivedBytes,
    long Requests,
    IReadOnlyList<SourceDifference> Differences,
    IReadOnlyList<FailedItem> Failed)
{
    public static VerifyDocument Of(VerifyReport report) => new(
        report.Differences.Count + report.Failed.Count == 0,
        report.RecoveryPoint,
        report.SourceName,
        report.Files,
        report.Directories,
        report.ReadBytes,
        report.ReceivedBytes,
        report.Requests,
        report.Differences,
        report.Failed);
}
