using Harness.Engine.Model;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>All profiles as the page shows them: their clauses, limits and tables, with the clauses that they share written once.</summary>
internal static class PageRules
{
    /// <summary>The data.</summary>
    public static object Of(PageContext context)
    {
        var clauses = new List<object>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var profiles = ProfileCatalog.Ids.Select(ProfileCatalog.Load).Select(profile => new
        {
            profile.Id,
            profile.Title,
            profile.Options,
            Clauses = profile.Clauses.Select(IndexOf).ToList(),
            Verdicts = profile.Clauses.Select(clause => ClauseVerdict.Of(profile, clause)).ToList(),
            FileTypes = profile.FileTypes.Select(FileTypeBody.Of).ToList(),
        }).ToList();
        return new { Profiles = profiles, Clauses = clauses, context.Coverage, Traits = Traits() };

        int IndexOf(Clause clause)
        {
            var key = PageJson.Text(clause);
            if (!known.TryGetValue(key, out var index))
            {
                index = known[key] = clauses.Count;
                clauses.Add(clause);
            }

            return index;
        }
    }

    private static IReadOnlyList<string> Traits() =>
        TraitList.Names(Enum.GetValues<EntryTraits>().Aggregate(EntryTraits.None, (all, trait) => all | trait));
}
