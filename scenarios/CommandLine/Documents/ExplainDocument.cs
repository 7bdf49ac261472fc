using Harness.Engine.Backup;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>explain --json</c> prints: the subject and its named streams, each with its verdict.</summary>
internal sealed record ExplainDocument(
    string Profile, string? Path, IReadOnlyList<ExplainedSubject> Subjects, IReadOnlyList<ReportNote> Warnings);

/// <summary>
/// A verdict, the clause behind it, the clause that a preserve mode sets aside, and the other rows of the table that speak of
/// the same traits.
/// </summary>
internal sealed record ExplainedSubject(
    string? Path,
    IReadOnlyList<string> Traits,
    Protection Protection,
    string? Reason,
    Clause Clause,
    Clause? SetAside,
    IReadOnlyList<FileTypeBody> AlsoMatches);
