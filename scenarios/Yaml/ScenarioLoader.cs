using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>Loads one scenario file: text to nodes, axes to cells, nodes to records, records to checked scenario.</summary>
public static class ScenarioLoader
{
    private const string SchemaLine = "# yaml-language-server: $schema=";

    /// <summary>Loads a text; null when it has problems, all of which are recorded.</summary>
    public static Scenario? Load(string text, ProblemList problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(problems);
        if (!text.StartsWith(SchemaLine, StringComparison.Ordinal))
        {
            problems.Add(
                new YamlMark(1, 1),
                $"The first line must be '{SchemaLine}../scenario.schema.json' (the path from this file), so that editors complete and check.");
        }

        var node = YamlTreeReader.Read(text, problems);
        if (node is not YamlMap root)
        {
            if (node is not null)
            {
                problems.Add(node.Mark, $"A scenario is a mapping, not {node.KindName}.");
            }

            return null;
        }

        return Load(root, problems);
    }

    /// <summary>Loads a tree of nodes, whatever it was written in; null when it has problems, all of which are recorded.</summary>
    public static Scenario? Load(YamlMap root, ProblemList problems)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(problems);
        var axes = MatrixReader.Read(root, problems);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var cells = new List<ScenarioCell>();
        var decided = new HashSet<int>();
        ScenarioDocument? first = null;
        var checks = new ScenarioChecks(root, axes, problems);
        var combinations = MatrixReader.Combine(root, axes).ToList();
        foreach (var values in combinations)
        {
            var document = BindCell(root, values, used, problems);
            if (document is null)
            {
                continue;
            }

            first ??= document;
            checks.CheckCell(document);
            var row = document.Expect.ToList().FindIndex(r => ScenarioCell.Matches(r.When, values));
            if (row < 0)
            {
                checks.ReportUndecided(values);
                continue;
            }

            decided.Add(row);
            checks.NotePaths(document, row);
            cells.Add(new ScenarioCell(document.Id, values, document, document.Expect[row]));
        }

        if (first is not null)
        {
            checks.CheckScenario(first, used, decided, combinations);
        }

        return problems.Any || first is null ? null : new Scenario(first.Id, problems.File, first, cells);
    }

    private static ScenarioDocument? BindCell(
        YamlMap root, IReadOnlyList<KeyValuePair<string, AxisValue>> values, HashSet<string> used, ProblemList problems)
    {
        var lookup = values.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        var substituted = root with
        {
            // The axes have been read; what is wrong with them has been told once.
            Entries = [.. root.Entries.Where(entry => entry.Key != "matrix")
                .Select(entry => entry with { Value = AxisSubstitution.Apply(entry.Value, lookup, used, problems) })],
        };
        return new YamlBinder(problems).Bind<ScenarioDocument>(substituted);
    }
}
