namespace Harness.Scenarios.Model;

/// <summary>A scenario that passed all checks.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="File">Where it was loaded from.</param>
/// <param name="Document">The document with the axis values of the first cell in place.</param>
/// <param name="Cells">The cells in the order of the axes.</param>
public sealed record Scenario(string Id, string File, ScenarioDocument Document, IReadOnlyList<ScenarioCell> Cells)
{
    /// <summary>The area: the first part of the id.</summary>
    public string Area => Id.Split('.')[0];
}

/// <summary>One combination of axis values.</summary>
/// <param name="Scenario">Id of the scenario.</param>
/// <param name="Values">Axis values by axis, in the order of the document.</param>
/// <param name="Document">The document with the axis values in place.</param>
/// <param name="Expect">The expect row that decides the cell.</param>
public sealed record ScenarioCell(
    string Scenario,
    IReadOnlyList<KeyValuePair<string, AxisValue>> Values,
    ScenarioDocument Document,
    ExpectRow Expect)
{
    /// <summary>The values as <c>axis=value,axis=value</c>; "" without axes.</summary>
    public string Label => string.Join(',', Values.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>The stable id without the vault: <c>scenario</c> or <c>scenario[axis=value,...]</c>.</summary>
    public string Id => Values.Count == 0 ? Scenario : $"{Scenario}[{Label}]";

    /// <summary>Whether all conditions hold in this cell.</summary>
    public static bool Matches(
        IReadOnlyDictionary<string, Condition> when, IReadOnlyList<KeyValuePair<string, AxisValue>> values)
    {
        ArgumentNullException.ThrowIfNull(when);
        return when.All(pair => values.Any(value => value.Key == pair.Key && pair.Value.Holds(value.Value)));
    }
}
