using Harness.Scenarios.Model;

namespace Harness.Scenarios.Yaml;

/// <summary>Finds expect rows and known failures that never count, and says which rows stand before them.</summary>
internal static class RowChecks
{
    /// <summary>Why an expect row decides no cell.</summary>
    public static string WhyUnreached(
        IReadOnlyList<ExpectRow> rows,
        IReadOnlyList<YamlNode> nodes,
        int index,
        IReadOnlyList<IReadOnlyList<KeyValuePair<string, AxisValue>>> cells)
    {
        var fitting = cells.Where(cell => ScenarioCell.Matches(rows[index].When, cell)).ToList();
        if (fitting.Count == 0)
        {
            return "The row decides no cell: no cell fits its conditions.";
        }

        var text = Describe(rows[index].When);
        var twin = rows.Take(index).ToList().FindIndex(row => Describe(row.When) == text);
        if (twin >= 0)
        {
            var verb = Outcome(nodes[twin]) == Outcome(nodes[index]) ? "repeats it" : "contradicts it";
            return $"The row has the same 'when' as row {twin + 1} in line {nodes[twin].Mark.Line} and {verb}: the first match counts, so this one can never decide.";
        }

        var before = fitting.Select(cell => rows.ToList().FindIndex(row => ScenarioCell.Matches(row.When, cell))).Distinct().Order()
            .Select(row => $"row {row + 1} in line {nodes[row].Mark.Line}");
        return $"The row decides no cell: {string.Join(" and ", before)} match{(fitting.Count > 0 && before.Count() == 1 ? "es" : "")} all of its cells first.";
    }

    /// <summary>Whether a known failure speaks of any cell.</summary>
    public static bool IsOfSomeCell(
        KnownFailure known, IReadOnlyList<IReadOnlyList<KeyValuePair<string, AxisValue>>> cells) =>
        cells.Any(cell => ScenarioCell.Matches(known.When, cell));

    /// <summary>Conditions in one form, whatever their order.</summary>
    private static string Describe(IReadOnlyDictionary<string, Condition> when) => string.Join(';', when
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key}:{string.Join(',', pair.Value.Is ?? [])}/{string.Join(',', pair.Value.Any ?? [])}/"
            + $"{string.Join(',', pair.Value.None ?? [])}/{(pair.Value.Only is { } only ? string.Join(',', only) : "-")}"));

    /// <summary>What a row demands, without its conditions and without places.</summary>
    private static string Outcome(YamlNode row) => row is YamlMap map
        ? string.Concat(map.Entries.Where(entry => entry.Key != "when").Select(entry => $"{entry.Key}={Flat(entry.Value)};"))
        : Flat(row);

    private static string Flat(YamlNode node) => node switch
    {
        YamlMap map => $"{{{string.Join(',', map.Entries.Select(entry => $"{entry.Key}:{Flat(entry.Value)}"))}}}",
        YamlList list => $"[{string.Join(',', list.Items.Select(Flat))}]",
        YamlScalar scalar => scalar.Text,
        _ => "",
    };
}
