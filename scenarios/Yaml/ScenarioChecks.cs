using System.Text.RegularExpressions;
using Harness.Engine.Rules;
using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>What types cannot say: references that must resolve, rows that must be reachable, axes that must be used.</summary>
/// <param name="root">The document before axis values were put in, for places.</param>
/// <param name="axes">The axes.</param>
/// <param name="problems">Told of everything wrong.</param>
internal sealed partial class ScenarioChecks(
    YamlMap root, IReadOnlyList<KeyValuePair<string, IReadOnlyList<AxisValue>>> axes, ProblemList problems)
{
    private readonly PathReach _paths = new();

    /// <summary>Checks that hold for the scenario as a whole.</summary>
    public void CheckScenario(
        ScenarioDocument document,
        IReadOnlySet<string> used,
        IReadOnlySet<int> decided,
        IReadOnlyList<IReadOnlyList<KeyValuePair<string, AxisValue>>> cells)
    {
        if (!Id().IsMatch(document.Id))
        {
            problems.Add(Place("id"), $"'{document.Id}' is no id. Allowed: lower-case words of letters, digits and '-', joined by '.', such as file-types.encrypted.");
        }

        foreach (var (name, _) in axes.Where(axis => !used.Contains(axis.Key)))
        {
            problems.Add(
                ((YamlMap)root.Find("matrix")!.Value).Find(name)!.KeyMark,
                $"The axis '{name}' is never used: write ${{{name}}} where its value belongs, or remove it.");
        }

        var rows = Items("expect");
        for (var i = 0; i < document.Expect.Count && document.Expect.Count == rows.Count; i++)
        {
            CheckConditions(document.Expect[i].When, rows[i]);
            if (!decided.Contains(i))
            {
                problems.Add(rows[i].Mark, RowChecks.WhyUnreached(document.Expect, rows, i, cells));
            }
        }

        var known = Items("known");
        for (var i = 0; i < document.Known.Count && document.Known.Count == known.Count; i++)
        {
            CheckConditions(document.Known[i].When, known[i]);
            if (!RowChecks.IsOfSomeCell(document.Known[i], cells))
            {
                problems.Add(known[i].Mark, "The known failure speaks of no cell: nothing fits its conditions.");
            }
        }

        _paths.Report(rows, problems);
    }

    /// <summary>Checks that may differ from cell to cell.</summary>
    public void CheckCell(ScenarioDocument document)
    {
        var profile = LoadProfile(document);
        CheckVolumes(document);
        new StepChecks(root, problems, profile).Check(document);
        RecipeChecks.Check(document, problems);
        var rows = Items("expect");
        if (profile is not null)
        {
            CheckRequirement(document, profile);
        }

        for (var i = 0; i < document.Expect.Count && document.Expect.Count == rows.Count; i++)
        {
            var row = document.Expect[i];
            if (rows[i] is YamlMap map && map.Find("paths") is null && map.Find("refused") is null)
            {
                problems.Add(rows[i].Mark, "The row expects nothing: give 'paths' with an outcome for every entry, or 'refused'.");
            }

            if (profile is not null)
            {
                PathChecks.CheckClause(row.Clause, rows[i], profile, problems);
                PathChecks.Check(row.Paths, rows[i], profile, problems);
            }
        }
    }

    /// <summary>Notes which paths of the row that decides a cell its volume has.</summary>
    public void NotePaths(ScenarioDocument document, int row) => _paths.Note(document, row);

    /// <summary>A cell that no row matches.</summary>
    public void ReportUndecided(IReadOnlyList<KeyValuePair<string, AxisValue>> values)
    {
        var label = values.Count == 0 ? "the scenario" : $"the cell {string.Join(',', values.Select(v => $"{v.Key}={v.Value}"))}";
        problems.Add(Place("expect"), $"No row matches {label}; the last row may stand without 'when' for all that is left.");
    }

    private RuleProfile? LoadProfile(ScenarioDocument document)
    {
        if (ProfileCatalog.Ids.Contains(document.Profile, StringComparer.Ordinal))
        {
            return ProfileCatalog.Load(document.Profile);
        }

        problems.Add(
            Place("profile"),
            $"There is no profile '{document.Profile}'.{DidYouMean.Hint(document.Profile, ProfileCatalog.Ids)} "
            + DidYouMean.Allowed(ProfileCatalog.Ids));
        return null;
    }

    private void CheckRequirement(ScenarioDocument document, RuleProfile profile)
    {
        var node = root.Find("requirement")!.Value;
        PathChecks.CheckClause(document.Requirement.Clause, node, profile, problems);
        foreach (var clause in document.Requirement.Also)
        {
            PathChecks.CheckClause(clause, node, profile, problems, "also");
        }

        if (document.Requirement.Status is { } status && profile.HasClause(document.Requirement.Clause)
            && profile.GetClause(document.Requirement.Clause).Status is var actual && actual != status)
        {
            problems.Add(
                PathChecks.PlaceIn(node, "status"),
                $"The clause {document.Requirement.Clause} is {YamlNames.Of(actual.ToString())} in {profile.Id}, not {YamlNames.Of(status.ToString())}.");
        }
    }

    private void CheckVolumes(ScenarioDocument document)
    {
        if ((root.Find("volume") is null) == (root.Find("volumes") is null))
        {
            problems.Add(
                document.Volume is null ? root.Mark : Place("volumes"),
                "A scenario needs 'volume' with one recipe, or 'volumes' with several by name, and not both.");
        }
    }

    private void CheckConditions(IReadOnlyDictionary<string, Condition> when, YamlNode row)
    {
        var node = (row as YamlMap)?.Find("when")?.Value as YamlMap;
        foreach (var (name, condition) in when)
        {
            var mark = node?.Find(name)?.KeyMark ?? row.Mark;
            var axis = axes.FirstOrDefault(a => a.Key == name);
            if (axis.Key is null)
            {
                problems.Add(
                    mark,
                    $"'when' names the axis '{name}', which 'matrix' does not have.{DidYouMean.Hint(name, axes.Select(a => a.Key))} "
                    + (axes.Count == 0 ? "There are no axes." : DidYouMean.Allowed(axes.Select(a => a.Key))));
                continue;
            }

            var words = axis.Value.SelectMany(value => value.Words).Distinct(StringComparer.Ordinal).ToList();
            foreach (var word in condition.Words.Where(word => !words.Contains(word)))
            {
                problems.Add(mark, $"The axis '{name}' has no value '{word}'.{DidYouMean.Hint(word, words)} {DidYouMean.Allowed(words)}");
            }
        }
    }

    private YamlMark Place(string key) => root.Find(key)?.Value.Mark ?? root.Mark;

    private IReadOnlyList<YamlNode> Items(string key) => (root.Find(key)?.Value as YamlList)?.Items ?? [];

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
