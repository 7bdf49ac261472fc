using Harness.Engine.Backup;
using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>explain --json</c> prints: the subject and its named streams, each with its verdict.</summary>
internal sealed record ExplainDocument(
    string Profile, string? Path, IReadOnlyList<ExplainedSubject> Subjects, IReadOnlyList<ReportNote> Warnings);

/// <summary>What <c>explain --all-profiles --json</c> prints: the same under every profile.</summary>
internal sealed record ExplainSetDocument(string? Path, IReadOnlyList<ExplainDocument> Profiles);

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

/// <summary>One entry or named stream of a tree, with what each profile makes of it.</summary>
internal sealed record ExplainedPath(
    string Path, IReadOnlyList<string> Traits, long LogicalBytes, IReadOnlyList<PathVerdict> Verdicts);

/// <summary>What one profile makes of a path: the row that decides by its clause, and the clauses of the rows that fit too.</summary>
internal sealed record PathVerdict(
    string Profile, Protection Protection, string? Reason, string Clause, string? SetAside, IReadOnlyList<string> AlsoMatches);

/// <summary>How much of a tree one row decides.</summary>
internal sealed record RuleCount(string Profile, string Clause, Protection Protection, string? Reason, long Entries, long LogicalBytes);
