using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>matrix --json</c> prints: one profile as a table.</summary>
internal sealed record MatrixDocument(
    string Profile, string Title, ProfileOptions Options, IReadOnlyList<MatrixRow> Clauses, IReadOnlyList<FileTypeBody> FileTypes);

/// <summary>What <c>matrix --all --json</c> prints: every profile.</summary>
internal sealed record MatrixSetDocument(IReadOnlyList<MatrixDocument> Profiles);

/// <summary>One clause, what follows from it, who says otherwise, and the scenarios that are evidence for it (none is NO TEST).</summary>
internal sealed record MatrixRow(
    string Id,
    ClauseTopic Topic,
    string Title,
    string Verdict,
    string DocumentId,
    string Document,
    string Date,
    string Link,
    string Quote,
    ClauseStatus Status,
    string? Note,
    IReadOnlyList<Contradiction> Contradictions,
    IReadOnlyList<string> Scenarios);

/// <summary>One row of the file-type table; the first one that matches decides.</summary>
internal sealed record FileTypeBody(
    RuleSubject AppliesTo, IReadOnlyList<string> When, Protection Protection, string? Reason, string Clause)
{
    public static FileTypeBody Of(FileTypeRule rule) => new(
        rule.AppliesTo,
        Arguments.TraitList.Names(rule.When),
        rule.Verdict.Protection,
        rule.Verdict.Reason,
        rule.Verdict.Clause.Id);
}

/// <summary>What <c>matrix --diff --json</c> prints.</summary>
internal sealed record MatrixDiffDocument(string Profile, string Other, IReadOnlyList<MatrixDifference> Differences);

/// <summary>
/// A clause of which two profiles do not say the same. What differs: verdict, words, status. A side is null where the profile
/// lacks the clause.
/// </summary>
internal sealed record MatrixDifference(string Id, IReadOnlyList<string> Differs, MatrixRow? Profile, MatrixRow? Other);
