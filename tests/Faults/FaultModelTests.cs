using System.Text.RegularExpressions;
using Harness.Scenarios.Searches;
using Harness.Simulator.Faults;
using Harness.Tests.Architecture;
using NUnit.Framework;

namespace Harness.Tests.Faults;

/// <summary>FAULT_MODEL.md held against the code, both ways.</summary>
internal sealed partial class FaultModelTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "simulator", "FAULT_MODEL.md"));

    [Test]
    public void Page_OperationsAndKinds_AreThoseOfTheCatalog()
    {
        var model = Section("## 2.", "## 3.").Split("\n### ").Skip(1).SelectMany(Rows).ToHashSet();
        var code = FaultCatalog.Kinds.SelectMany(pair => pair.Value.Select(kind => (Component(pair.Key), FaultCatalog.NameOf(kind)))).ToHashSet();

        Assert.That(model.Except(code), Is.Empty, "on the page, not in the code");
        Assert.That(code.Except(model), Is.Empty, "in the code, not on the page");
    }

    [Test]
    public void Page_OperationsInHeadings_AreThoseOfTheCatalog()
    {
        var model = OperationName().Matches(string.Concat(Section("## 2.", "## 3.").Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal))))
            .Select(match => match.Groups["name"].Value);

        Assert.That(model, Is.EquivalentTo(FaultCatalog.Kinds.Keys));
    }

    [Test]
    public void Page_ClaimsEachOne_NamesASearchOrATestThatExists()
    {
        var types = typeof(SearchOracle).Assembly.GetTypes().Concat(typeof(FaultModelTests).Assembly.GetTypes()).Select(type => type.Name).ToHashSet();
        var rows = Section("## 5.", "## 6.").Split('\n').Where(line => ClaimRow().IsMatch(line)).Select(line => line.Split('|')).ToList();

        Assert.That(rows.Select(row => int.Parse(row[1])), Is.EqualTo(Enumerable.Range(1, rows.Count)));
        Assert.That(rows, Has.Count.GreaterThanOrEqualTo(10));
        foreach (var row in rows)
        {
            var named = TypeName().Matches(row[3]).Select(match => match.Groups["name"].Value).ToList();
            Assert.That(named, Is.Not.Empty, $"claim {row[1]}");
            Assert.That(named.Where(name => !types.Contains(name)), Is.Empty, $"claim {row[1]}");
        }
    }

    [Test]
    public void Kinds_EveryOne_IsUsedAndHasAName() => Assert.That(
        FaultCatalog.Kinds.Values.SelectMany(kinds => kinds).Distinct().Select(FaultCatalog.NameOf).Select(FaultCatalog.KindOf),
        Is.EquivalentTo(Enum.GetValues<FaultKind>()));

    private static string Section(string from, string to) =>
        Page[Page.IndexOf(from, StringComparison.Ordinal)..Page.IndexOf(to, StringComparison.Ordinal)];

    private static string Component(string operation) => operation[..operation.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>The kinds of one component's table; where a heading has several components, those that can go wrong so.</summary>
    private static IEnumerable<(string Component, string Kind)> Rows(string part)
    {
        var components = OperationName().Matches(part.Split('\n')[0]).Select(match => Component(match.Groups["name"].Value)).Distinct().ToList();
        var rows = part.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        return rows.SelectMany(row => Quoted().Matches(row.Split('|')[1]).Select(match => match.Groups["name"].Value))
            .SelectMany(kind => components.Where(component => components.Count == 1 || FaultCatalog.Kinds
                .Any(pair => Component(pair.Key) == component && pair.Value.Any(item => FaultCatalog.NameOf(item) == kind)))
                .DefaultIfEmpty("none").Select(component => (component, kind)));
    }

    [GeneratedRegex(@"`(?<name>[a-z]+\.[a-z-]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OperationName();

    [GeneratedRegex(@"^\| \d+ \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimRow();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName();

    [GeneratedRegex("`(?<name>[a-z-]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
