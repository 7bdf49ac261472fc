using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>Checks lists of path expectations and clause ids.</summary>
internal static class PathChecks
{
    private static readonly IReadOnlyList<string> FailReasons =
        [.. Enum.GetNames<SourceFault>().Select(YamlNames.Of)];

    /// <summary>Of all profiles, since the rows of a scenario may speak of several.</summary>
    private static readonly Lazy<IReadOnlyList<string>> SkipReasons = new(() =>
        [.. ProfileCatalog.Ids.SelectMany(id => ProfileCatalog.Load(id).FileTypes).Select(row => row.Verdict.Reason).OfType<string>().Distinct(StringComparer.Ordinal)]);

    /// <summary>Checks the paths of a row or step; <paramref name="owner"/> is the node that has them.</summary>
    public static void Check(
        IReadOnlyList<PathExpectation> paths, YamlNode owner, RuleProfile profile, ProblemList problems)
    {
        var nodes = ((owner as YamlMap)?.Find("paths")?.Value as YamlList)?.Items ?? [];
        if (paths.Count != nodes.Count)
        {
            return; // An item could not be bound; that problem comes first.
        }

        for (var i = 0; i < paths.Count; i++)
        {
            var (path, node) = (paths[i], nodes[i]);
            if ((node as YamlMap)?.Entries.Count(e => e.Key is "protected" or "skipped" or "failed") != 1)
            {
                problems.Add(node.Mark, "A path has exactly one outcome. Allowed: protected, skipped, failed.");
            }

            CheckReason(path.Skipped, "skipped", node, SkipReasons.Value, problems);
            CheckReason(path.Failed, "failed", node, FailReasons, problems);
            if (path.Skipped is not null && (node as YamlMap)?.Find("clause") is null)
            {
                problems.Add(node.Mark, "A skipped path names the clause that decides: add 'clause'.");
            }

            CheckClause(path.Clause, node, profile, problems);
            var earlier = paths.Take(i).ToList().FindIndex(other => other.Path == path.Path || other.Path == "**");
            if (earlier >= 0)
            {
                problems.Add(
                    node.Mark,
                    paths[earlier].Path == path.Path
                        ? $"The path '{path.Path}' already stands in row {earlier + 1}; the first match counts."
                        : $"The path can never decide: '**' in row {earlier + 1} matches everything before it.");
            }
        }
    }

    /// <summary>A clause must be one of the profile.</summary>
    public static void CheckClause(
        string? clause, YamlNode owner, RuleProfile profile, ProblemList problems, string key = "clause")
    {
        if (clause is not null && !profile.HasClause(clause))
        {
            var known = profile.Clauses.Select(c => c.Id).ToList();
            problems.Add(
                PlaceIn(owner, key),
                $"Profile {profile.Id} has no clause '{clause}'.{DidYouMean.Hint(clause, known)} {DidYouMean.Allowed(known)}");
        }
    }

    /// <summary>Where a key's value stands in a mapping, else where the node stands.</summary>
    public static YamlMark PlaceIn(YamlNode node, string key) => (node as YamlMap)?.Find(key)?.Value.Mark ?? node.Mark;

    private static void CheckReason(
        string? reason, string key, YamlNode node, IReadOnlyList<string> known, ProblemList problems)
    {
        if (reason is not null && !known.Contains(reason))
        {
            problems.Add(
                PlaceIn(node, key),
                $"'{reason}' is no reason for '{key}'.{DidYouMean.Hint(reason, known)} {DidYouMean.Allowed(known)}");
        }
    }
}
