using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Reports;

/// <summary>What the rules make of a tree, for people: paths as they come, then what each row decided.</summary>
internal sealed class ExplainTreeText(TextWriter output, bool every)
{
    /// <summary>Writes a path: always where it is not simply protected or the profiles disagree, else on request.</summary>
    public void Write(ExplainedPath path)
    {
        var groups = path.Verdicts.GroupBy(verdict => (verdict.Protection, verdict.Reason, verdict.Clause, verdict.SetAside)).ToList();
        if (!every && groups.Count == 1 && groups[0].Key is { Protection: Protection.Incremental, SetAside: null })
        {
            return;
        }

        output.WriteLine(path.Path + (path.Traits.Count == 0 ? "" : $"  ({string.Join(", ", path.Traits)})"));
        foreach (var group in groups)
        {
            var verdict = group.First();
            var also = verdict.AlsoMatches.Count == 0 ? "" : $"; would fit too: {string.Join(", ", verdict.AlsoMatches)}";
            var aside = verdict.SetAside is null ? "" : $"; set aside: {verdict.SetAside}";
            var profiles = group.Select(item => item.Profile).ToList();
            output.WriteLine($"    {Words(verdict.Protection, verdict.Reason)} by {verdict.Clause}{aside}{also} [{string.Join(", ", profiles)}]");
        }
    }

    /// <summary>Writes what each row decided.</summary>
    public void WriteCounts(string source, TreeExplainer explainer)
    {
        foreach (var profile in explainer.Counts.GroupBy(row => row.Profile))
        {
            output.WriteLine($"Profile {profile.Key} on {source}: {Sizes.Count(profile.Sum(row => row.Entries), "path")}");
            foreach (var row in profile)
            {
                output.WriteLine(
                    $"  {row.Entries,12:N0}  {Sizes.Text(row.LogicalBytes),10}  {row.Clause}: {Words(row.Protection, row.Reason)}");
            }
        }

        if (explainer.Unreadable > 0)
        {
            output.WriteLine($"{Sizes.Count(explainer.Unreadable, "path")} could not be looked at.");
        }
    }

    private static string Words(Protection protection, string? reason) => protection switch
    {
        Protection.Incremental => "protected, incremental",
        Protection.FullOnly => "protected, whole on each change",
        _ => $"skipped ({reason})",
    };
}
