using Harness.Engine.Check;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>check --json</c> prints.</summary>
internal sealed record CheckDocument(
    bool Ok,
    long RecoveryPoints,
    long Packs,
    long SegmentsRead,
    long ReceivedBytes,
    IReadOnlyList<CheckFinding> Findings,
    IReadOnlyList<string> LostRecoveryPoints,
    IReadOnlyList<LostFile> LostFiles,
    IReadOnlyList<string> Unreferenced)
{
    public static CheckDocument Of(CheckReport report) => new(
        report.Findings.Count == 0,
        report.RecoveryPoints,
        report.Packs,
        report.SegmentsRead,
        report.ReceivedBytes,
        report.Findings,
        report.LostRecoveryPoints,
        report.LostFiles,
        report.Unreferenced);
}
