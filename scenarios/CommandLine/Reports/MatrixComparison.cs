using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Documents;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>
/// What two profiles say differently. The same words in another document are no difference; other words are one, though the same may
/// follow from them.
/// </summary>
internal static class MatrixComparison
{
    /// <summary>The clauses that differ, in the order of the first profile; those with another verdict come first.</summary>
    public static MatrixDiffDocument Of(RuleProfile profile, RuleProfile other, Func<RuleProfile, Clause, MatrixRow> row, ClauseTopic? topic)
    {
        var ids = profile.Clauses.Concat(other.Clauses).Where(clause => topic is null || clause.Topic == topic)
            .Select(clause => clause.Id).Distinct(StringComparer.Ordinal);
        var pairs = ids.Select(id => Compare(id, Side(profile, id, row), Side(other, id, row)));
        return new(
            profile.Id,
            other.Id,
            [.. pairs.Where(pair => pair.Differs.Count > 0).OrderBy(pair => pair.Differs[0] == "verdict" ? 0 : 1)]);
    }

    private static MatrixRow? Side(RuleProfile profile, string id, Func<RuleProfile, Clause, MatrixRow> row) =>
        profile.HasClause(id) ? row(profile, profile.GetClause(id)) : null;

    private static MatrixDifference Compare(string id, MatrixRow? one, MatrixRow? two)
    {
        var differs = new List<string>();
        if (one?.Verdict != two?.Verdict)
        {
            differs.Add("verdict");
        }

        if (one?.Quote != two?.Quote)
        {
            differs.Add("words");
        }

        if (one?.Status != two?.Status)
        {
            differs.Add("status");
        }

        return new(id, differs, one, two);
    }
}
