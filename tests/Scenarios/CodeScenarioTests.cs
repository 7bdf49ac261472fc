using Harness.Engine.Errors;
using Harness.Scenarios.Authoring;
using Harness.Scenarios.Model;
using Harness.Scenarios.Running;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

/// <summary>
/// A scenario written in C# and run by NUnit, a test for each cell: the example to copy. The model, the checks and the runner
/// are those of the YAML catalogue.
/// </summary>
[TestFixture]
public sealed class CodeScenarioTests
{
    private static readonly Scenario Compressed = CodeScenario.Build(new ScenarioDocument
    {
        Id = "file-types.from-code",
        Title = "Compressed files of every size are protected, incrementally",
        Requirement = new RequirementDocument { Clause = "file.compressed" },
        Matrix = new Dictionary<string, AxisDocument> { ["size"] = new() { Values = ["0", "1KiB", "1MiB"] } },
        Volume = RawYaml.Parse("""
            entries:
              - { path: subject.log, size: "${size}", attributes: [compressed] }
              - { path: neighbour.txt, size: 8KiB }
            edits:
              change: [{ action: append, path: subject.log, size: 1KiB }]
            """),
        Steps =
        [
            new StepDocument { Backup = new BackupStep() },
            new StepDocument { Edit = RawYaml.Parse("change") },
            new StepDocument { Backup = new BackupStep { Budget = new BudgetDocument { SentBytes = Budget.Parse("<= 1.05 * changed + 64KiB") } } },
            new StepDocument { Check = new CheckStep { ReadData = true } },
        ],
        Expect = [new ExpectRow { Paths = [new PathExpectation { Path = "**", Protected = ExpectedProtection.Incremental }] }],
    });

    private ScenarioSession _session = null!;

    [OneTimeSetUp]
    public void Open() => _session = new ScenarioSession();

    [OneTimeTearDown]
    public async Task CloseAsync() => await _session.DisposeAsync();

    [TestCaseSource(nameof(Cells))]
    public async Task Scenario_EachCell_IsAsTheDocumentSays(PlannedCell cell)
    {
        var result = await _session.RunAsync(cell);

        Assert.That(result.State, Is.EqualTo(CellState.Pass), result.Reason);
    }

    [Test]
    public async Task Scenario_WithAnExpectationThatIsWrong_FailsWithTheReason()
    {
        var wrong = CodeScenario.Build(Compressed.Document with
        {
            Matrix = new Dictionary<string, AxisDocument>(),
            Expect = [new ExpectRow { Paths = [new PathExpectation { Path = "**", Protected = ExpectedProtection.FullOnly }] }],
        });

        var result = await _session.RunAsync(CodeScenario.CellsOf(wrong)[0]);

        Assert.That(result.State, Is.EqualTo(CellState.Fail));
        Assert.That(result.Reason, Does.Contain("full-only"));
        Assert.That(result.Repro, Does.Contain(nameof(CodeScenarioTests) + ".cs"));
    }

    [Test]
    public void Build_SomethingWrong_IsToldWithTheFileAndLineOfTheSource()
    {
        var error = Assert.Throws<BackupException>(() => CodeScenario.Build(Compressed.Document with { Profile = "dpm-1999" }));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.ScenarioInvalid));
        Assert.That(error.Message, Does.Match(@"CodeScenarioTests\.cs:\d+:1: There is no profile 'dpm-1999'"));
    }

    [Test]
    public void Parse_RecipeThatIsNoYaml_IsToldWithItsLineInTheSource()
    {
        var error = Assert.Throws<BackupException>(() => RawYaml.Parse("entries: ["));

        Assert.That(error!.Message, Does.Match(@"CodeScenarioTests\.cs:\d+:\d+: This is not valid YAML"));
    }

    private static IEnumerable<TestCaseData> Cells() =>
        CodeScenario.CellsOf(Compressed).Select(cell => new TestCaseData(cell).SetArgDisplayNames(cell.Id));
}
