using Harness.Engine.Rules;
using Harness.Scenarios.Running;
using Harness.Scenarios.Vaults;
using Harness.Scenarios.Yaml;
using NUnit.Framework;
using Spectre.Console;

namespace Harness.Tests.Scenarios;

/// <summary>The catalogue that ships: it lints, its canaries fail, and on the embedded vault everything else passes.</summary>
public class CatalogTests
{
    [Test]
    public void Catalog_EveryFile_Lints()
    {
        Assert.That(ScenarioCatalog.Lint(TestCatalog.Root).Problems, Is.Empty);
    }

    [Test]
    public void Catalog_EveryScenario_StandsInTheFolderOfItsArea()
    {
        var misplaced = ScenarioCatalog.Load(TestCatalog.Root).Scenarios
            .Where(s => Path.GetRelativePath(TestCatalog.Root, s.File) != Path.Combine(s.Area, s.Id[(s.Area.Length + 1)..] + ".yaml"));

        Assert.That(misplaced.Select(s => s.File), Is.Empty);
    }

    /// <summary>Clauses that nothing in the harness acts on; <c>matrix</c> and the page show them as NO TEST.</summary>
    private static readonly string[] WithoutTest =
    [
        "file.dfs-replication", "file.system", "measure.hyper-v", "measure.sql", "measure.sharepoint",
        "measure.exchange", "measure.system-state", "cache.system-state", "cache.attributes",
        "limit.recovery-points", "credentials.lifetime", "credentials.latest", "credentials.pin",
        "consistency.levels", "consistency.linux", "flow.change-tracking", "flow.encryption",
        "recovery.collisions", "recovery.security", "recovery.older-system", "recovery.copy-to-tape",
        "topology.hosts", "topology.update-rollup", "topology.framework",
    ];

    [Test]
    public void Catalog_EveryClauseOfTheDefaultProfile_HasAScenarioOrIsKnownToHaveNone()
    {
        var covered = ScenarioCatalog.Load(TestCatalog.Root).Scenarios
            .Where(s => !s.Document.Canary)
            .SelectMany(s => s.Document.Requirement.Also.Append(s.Document.Requirement.Clause))
            .ToHashSet(StringComparer.Ordinal);

        var missing = ProfileCatalog.Load(ProfileCatalog.DefaultId).Clauses.Select(c => c.Id).Where(id => !covered.Contains(id));
        Assert.That(missing, Is.EquivalentTo(WithoutTest));
    }

    [Test]
    public void Catalog_Template_Lints()
    {
        var readme = File.ReadAllText(Path.Combine(TestCatalog.Root, "README.md"));
        var start = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;

        var problems = TestCatalog.ProblemsOf(readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]);

        Assert.That(problems, Is.Empty);
    }

    [Test]
    public async Task Canaries_EachOfThem_Fails()
    {
        var (_, results) = await RunAsync(["canary."]);

        Assert.Multiple(() =>
        {
            Assert.That(results, Has.Count.GreaterThanOrEqualTo(6));
            Assert.That(results.Select(r => (r.Id, r.State)), Has.All.Matches<(string Id, CellState State)>(r => r.State == CellState.Fail));
        });
    }

    [Test]
    public async Task Catalog_FileTypesOnTheEmbeddedVault_Pass()
    {
        var (output, results) = await RunAsync(["file-types."]);

        Assert.That(results.Select(r => r.State), Has.All.EqualTo(CellState.Pass), output);
    }

    [Test]
    public async Task Run_SameSeedTwice_SendsTheSameBytes()
    {
        var first = await RunAsync(["file-types.ordinary", "recovery.several-points"]);
        var second = await RunAsync(["file-types.ordinary", "recovery.several-points"]);

        Assert.That(second.Results.Select(r => (r.Id, r.SentBytes, r.Requests)), Is.EqualTo(first.Results.Select(r => (r.Id, r.SentBytes, r.Requests))));
    }

    private static async Task<(string Output, IReadOnlyList<CellResult> Results)> RunAsync(IReadOnlyList<string> ids)
    {
        var directory = Directory.CreateTempSubdirectory("harness-test-");
        try
        {
            await using var opener = new VaultOpener(_ => null);
            var output = new StringWriter();
            var console = new RunConsole(
                output, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }), IsLive: false);
            await new ScenarioRunner(name => new OpenerVaultProvider(name, opener), new CellRunner()).RunAsync(
                new RunOptions { Catalog = TestCatalog.Root, Ids = ids, Vaults = ["memory"], OutDirectory = directory.FullName }, console);
            return (output.ToString(), Harness.Scenarios.Reports.ResultsFile.Read(Path.Combine(directory.FullName, "results.jsonl")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
