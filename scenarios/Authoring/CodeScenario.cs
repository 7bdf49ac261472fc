using System.Runtime.CompilerServices;
using Harness.Scenarios.Model;
using Harness.Scenarios.Running;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.Authoring;

/// <summary>
/// Scenarios written in C#: a <see cref="ScenarioDocument"/> with object initialisers, checked as lint checks a file, and its
/// cells to hand to a test framework. Text may hold ${axis} as in YAML.
/// </summary>
public static class CodeScenario
{
    /// <summary>
    /// Checks a document and multiplies its axes out; ScenarioInvalid with the file and line of this call and everything that is
    /// wrong.
    /// </summary>
    /// <param name="document">The scenario.</param>
    /// <param name="file">The source file; the compiler gives it.</param>
    /// <param name="line">The line of the call; the compiler gives it.</param>
    public static Scenario Build(ScenarioDocument document, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(document);
        var problems = new ProblemList(file);
        var scenario = ScenarioLoader.Load(YamlModelWriter.Write(document, new YamlMark(line, 1)), problems);
        return scenario is not null && !problems.Any ? scenario : throw ProblemList.ToException(problems.Problems);
    }

    /// <summary>The cells of a scenario on vaults by the names that --vault takes; memory when none is named.</summary>
    public static IReadOnlyList<PlannedCell> CellsOf(Scenario scenario, params IReadOnlyList<string> vaults)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        IReadOnlyList<string> names = vaults.Count == 0 ? ["memory"] : vaults;
        return [.. scenario.Cells.SelectMany(cell => names.Select(vault => new PlannedCell(scenario, cell, vault)))];
    }
}
