using Harness.Engine.Backup;
using Harness.Engine.Restore;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>restore --json</c> prints.</summary>
internal sealed record RestoreDocument(
    long RecoveryPoint,
    string SourceName,
    string Target,
    long Files,
    long UnchangedFiles,
    long Directories,
    long WrittenBytes,
    long ReusedBytes,
    long ReceivedBytes,
    long Requests,
    IReadOnlyList<SkippedItem> Skipped,
    IReadOnlyList<FailedItem> Failed,
    IReadOnlyList<string> Kept,
    IReadOnlyList<RestoreNote> Notes)
{
    public static RestoreDocument Of(RestoreReport report) => new(
        report.RecoveryPoint,
        report.SourceName,
        report.Target,
        report.Files,
        report.UnchangedFiles,
        report.Directories,
        report.WrittenBytes,
        report.ReusedBytes,
        report.ReceivedBytes,
        report.Requests,
        report.Skipped,
        report.Failed,
        report.Kept,
        report.Notes);
}
