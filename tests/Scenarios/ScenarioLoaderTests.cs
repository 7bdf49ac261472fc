using System.Text.RegularExpressions;
using Harness.Scenarios.Yaml;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

public class ScenarioLoaderTests
{
    [Test]
    public void Load_GoodScenario_HasOneCellWithoutAxes()
    {
        var scenario = TestCatalog.Load(TestCatalog.Good);

        Assert.That(scenario.Cells.Select(c => c.Id), Is.EqualTo(["area.good"]));
    }

    [TestCase("title: A good", "titel: A good", 3, 1, "Unknown key 'titel'.* Did you mean 'title'.*Allowed: ")]
    [TestCase("title: A good", "id: x\ntitle: A good", 3, 1, "'id' stands here twice .first in line 2.")]
    [TestCase("title: A good scenario\n", "", 2, 1, "'title' is missing")]
    [TestCase("steps: [backup]", "steps: [bakcup]", 9, 9, "Did you mean 'backup'.*Allowed: backup, preflight")]
    [TestCase("steps: [backup]", "steps: backup", 9, 8, "must be a list")]
    [TestCase("steps: [backup]", "steps: []", 9, 8, "at least one step")]
    [TestCase("steps: [backup]", "steps: [restore, backup]", 9, 9, "no backup before")]
    [TestCase("steps: [backup]", "steps: [{ backup: { refused: ScratchToSmall } }]", 9, 30, "Did you mean 'ScratchTooSmall'")]
    [TestCase("steps: [backup]", "steps: [{ backup: { budget: { sent-bytes: 5 } } }]", 9, 43, "no comparison.*Allowed: <=")]
    [TestCase("steps: [backup]", "steps: [{ backup: { budget: { sent-bytes: '<= 5 KB' } } }]", 9, 43, "unit 'KB' is not known.*KiB")]
    [TestCase("steps: [backup]", "steps: [{ backup: { source: c } }]", 9, 29, "no volume 'c'")]
    [TestCase("steps: [backup]", "seed: many\nsteps: [backup]", 9, 7, "whole number, not 'many'")]
    [TestCase("file.ordinary", "file.ordinery", 4, 24, "no clause 'file.ordinery'.* Did you mean 'file.ordinary'")]
    [TestCase("clause: file.ordinary", "clause: file.ordinary, status: inferred", 4, 47, "is documented in dpm-classic-2018, not inferred")]
    [TestCase("steps: [backup]", "profile: dpm-classic-2081\nsteps: [backup]", 9, 10, "Did you mean 'dpm-classic-2018'")]
    [TestCase("protected: incremental", "protected: incrementel", 12, 34, "Did you mean 'incremental'.*full-only")]
    [TestCase("protected: incremental", "skipped: hardlink, clause: file.hard-link", 12, 32, "Did you mean 'hard-link'")]
    [TestCase("protected: incremental", "skipped: hard-link", 12, 9, "add 'clause'")]
    [TestCase("protected: incremental", "protected: incremental, failed: locked", 12, 9, "exactly one outcome")]
    [TestCase("      - { path: \"**\"", "      - { path: \"**\", protected: incremental }\n      - { path: \"b\"", 13, 9, "can never decide")]
    [TestCase("      - { path: \"**\"", "      - { path: \"b\", protected: incremental }\n      - { path: \"b\"", 13, 9, "already stands in row 1")]
    [TestCase("area.good", "Good", 2, 5, "is no id")]
    [TestCase("title: A good", "title: [A] #", 3, 8, "must be a text, not a list")]
    [TestCase("title: A good", "title: &x A good", 3, 8, "Anchors are not used")]
    [TestCase("title: A good", "\ttitle: A good", 2, 5, "not valid YAML")]
    public void Load_OneThingWrong_SaysWhereAndWhatIsAllowed(string old, string replacement, int line, int column, string pattern)
    {
        var text = TestCatalog.Good.Replace(old, replacement, StringComparison.Ordinal);

        var problems = TestCatalog.ProblemsOf(text);

        var fitting = problems.Where(p =>
            p.Line == line && p.Column == column && Regex.IsMatch(p.Message, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.That(fitting, Is.Not.Empty, string.Join('\n', problems));
    }

    [Test]
    public void Load_SeveralThingsWrong_TellsAllInTheOrderOfTheDocument()
    {
        var text = TestCatalog.Good
            .Replace("title:", "titel:", StringComparison.Ordinal)
            .Replace("file.ordinary", "file.nothing", StringComparison.Ordinal)
            .Replace("[backup]", "[bakcup]", StringComparison.Ordinal);

        var problems = TestCatalog.ProblemsOf(text);

        Assert.That(problems.Select(p => p.Line), Is.SupersetOf([3, 9]).And.Ordered);
    }

    [Test]
    public void Load_NoSchemaLine_IsAProblemOfLineOne()
    {
        var problems = TestCatalog.ProblemsOf("#\n" + TestCatalog.Good[(TestCatalog.Good.IndexOf('\n') + 1)..]);

        Assert.That(problems.Single().ToString(), Does.StartWith("x.yaml:1:1: The first line must be"));
    }

    [Test]
    public void Catalog_TwoFilesWithOneId_NamesBoth()
    {
        var directory = Directory.CreateTempSubdirectory("harness-test-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "a.yaml"), TestCatalog.Good);
            File.WriteAllText(Path.Combine(directory.FullName, "b.yaml"), TestCatalog.Good);

            var problems = ScenarioCatalog.Lint(directory.FullName).Problems;

            Assert.That(problems.Single().ToString(), Does.Match("b.yaml:1:1: The id 'area.good' is already taken by .*a.yaml"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
