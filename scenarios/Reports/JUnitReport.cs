using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports;

/// <summary>JUnit XML in the common subset that CI systems read: a suite for each scenario, a case for each cell.</summary>
public static class JUnitReport
{
    /// <summary>Renders the document.</summary>
    public static string Render(IReadOnlyList<CellResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var suites = results
            .GroupBy(result => result.Scenario)
            .Select(group => Suite(group.Key, [.. group]));
        var root = new XElement("testsuites", new XAttribute("name", "harness"), Counts(results), suites);
        return new XDeclaration("1.0", "utf-8", null) + "\n" + root + "\n";
    }

    private static XElement Suite(string scenario, IReadOnlyList<CellResult> results) => new(
        "testsuite",
        new XAttribute("name", scenario),
        Counts(results),
        results.Select(Case));

    private static object[] Counts(IReadOnlyList<CellResult> results) =>
    [
        new XAttribute("tests", results.Count),
        new XAttribute("failures", results.Count(r => r.State is CellState.Fail or CellState.UnexpectedPass)),
        new XAttribute("errors", results.Count(r => r.State is CellState.Error or CellState.Timeout)),
        new XAttribute("skipped", RunTotals.Of(results).Skipped),
        new XAttribute("time", Seconds(results.Sum(r => r.DurationMs))),
    ];

    private static XElement Case(CellResult result)
    {
        return new XElement(
            "testcase",
            new XAttribute("classname", result.Scenario),
            new XAttribute("name", Clean(result.Id)),
            new XAttribute("time", Seconds(result.DurationMs)),
            new XElement(
                "properties",
                Property("seed", result.Seed.ToString(CultureInfo.InvariantCulture)),
                Property("clause", result.Clause),
                Property("repro", result.Repro),
                Property("profile", result.Profile),
                Property("vault", result.Vault),
                Property("state", CellStates.Name(result.State))),
            Verdict(result));
    }

    private static XElement? Verdict(CellResult result) => result.State switch
    {
        CellState.Pass => null,
        CellState.Fail or CellState.UnexpectedPass => Trouble("failure", result),
        CellState.Error or CellState.Timeout => Trouble("error", result),
        _ => new XElement("skipped", new XAttribute("message", Clean($"{CellStates.Name(result.State)}: {result.Reason}"))),
    };

    private static XElement Trouble(string element, CellResult result)
    {
        var lines = result.Mismatches
            .Select(m => $"Step {m.Step}, {m.What}: expected {m.Expected}, but {m.Actual}")
            .Append(result.Repro);
        return new XElement(
            element,
            new XAttribute("type", CellStates.Name(result.State)),
            new XAttribute("message", Clean(result.Reason ?? "")),
            Clean(string.Join('\n', lines)));
    }

    private static XElement Property(string name, string value) =>
        new("property", new XAttribute("name", name), new XAttribute("value", Clean(value)));

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Characters that XML cannot hold (paths of volumes may have them) become the replacement character.</summary>
    private static string Clean(string text)
    {
        var clean = text.ToCharArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (i + 1 < clean.Length && XmlConvert.IsXmlSurrogatePair(clean[i + 1], clean[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(clean[i]))
            {
                clean[i] = '\uFFFD';
            }
        }

        return new string(clean);
    }
}
