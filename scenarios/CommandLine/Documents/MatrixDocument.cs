using Harness.Engine.Rules;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>matrix --json</c> prints: one profile as a table.</summary>
internal sealed record MatrixDocument(
    string Profile, string Title, ProfileOptions Options, IReadOnlyList<MatrixRow> Clauses, IReadOnlyList<FileTypeBody> FileTypes);

/// <summary>One clause and what follows from it.</summary>
internal sealed record MatrixRow(
    string Id, string Title, string Verdict, string Document, string Date, string Quote, ClauseStatus Status, string? Note);

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

/// <summary>A clause that two profiles do not share; a side is null where the profile lacks it.</summary>
internal sealed record MatrixDifference(string Id, MatrixRow? Profile, MatrixRow? Other);
