using NUnit.Framework;

namespace Harness.Tests.CommandLine;

/// <summary>lint and schema.</summary>
[TestFixture]
public sealed class LintTests
{
    [Test]
    public async Task Lint_OfAnUnknownKey_GivesFileLineAndColumn()
    {
        using var area = new WorkArea();
        var file = area.In("broken.yaml");
        File.WriteAllText(file, "# yaml-language-server: $schema=../scenario.schema.json\nid: a.b\ncolour: red\n");

        var run = (await HarnessRun.OfAsync("lint", file)).Expect(5);

        Assert.That(run.Out, Does.Contain($"{file}:3:1: Unknown key 'colour'"));
        Assert.That(run.Error, Does.StartWith("error ScenarioInvalid: "));
    }

    [Test]
    public async Task Lint_OfAFileThatIsNotThere_SaysSo()
    {
        var run = (await HarnessRun.OfAsync("lint", "no-such.yaml")).Expect(5);

        Assert.That(run.Error, Does.StartWith("error FileInaccessible: ").And.Contain("no-such.yaml"));
    }

    [TestCase("scenario")]
    [TestCase("recipe")]
    public async Task Schema_OfADocument_IsJson(string kind)
    {
        var run = (await HarnessRun.OfAsync("schema", kind)).Expect(0);

        Assert.That(run.Json.GetProperty("$schema").GetString(), Does.Contain("json-schema.org"));
    }
}
