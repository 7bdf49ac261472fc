using System.Diagnostics;
using Harness.Scenarios.Authoring;
using Harness.Scenarios.Reports;
using Harness.Scenarios.Yaml;
using Harness.Tests.Architecture;
using Harness.Tests.CommandLine;
using Harness.Tests.Scenarios;
using NUnit.Framework;

namespace Harness.Tests.Docs;

/// <summary>What the catalogue says of itself: its page is of today, and its walk-through can be walked.</summary>
[TestFixture]
public sealed class CatalogueTests
{
    private static readonly string Guide = SourceTree.Read("scenarios/catalog/README.md");

    [Test]
    public void Page_OfTheCatalogue_IsCurrent()
    {
        var page = CataloguePage.Render(ScenarioCatalog.Load(TestCatalog.Root));

        Assert.That(
            SourceTree.Read("scenarios/catalog/CATALOGUE.md"), Is.EqualTo(page), "Stale: harness docs > scenarios/catalog/CATALOGUE.md");
    }

    [Test]
    public void Guide_Template_IsWhatNewWrites()
    {
        var start = Guide.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;

        Assert.That(
            Guide[start..Guide.IndexOf("```", start, StringComparison.Ordinal)], Is.EqualTo(ScenarioTemplate.Of("file-types.my-case")));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "The lines are for a POSIX shell.")]
    public async Task Guide_Commands_AsTheyStand_MakeAScenarioThatPassesAndThenFails()
    {
        var start = Guide.IndexOf("```sh\n", StringComparison.Ordinal) + "```sh\n".Length;
        var commands = Guide[start..Guide.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('#')[0].TrimEnd()).ToList();
        using var area = new WorkArea();

        var exits = new List<int>();
        foreach (var command in commands)
        {
            exits.Add(await ShellAsync(command, area.Root));
        }

        Assert.That(commands, Has.Count.GreaterThanOrEqualTo(4));

        // The last one runs the scenario that the one before it broke.
        Assert.That(exits.SkipLast(1), Has.All.Zero);
        Assert.That(exits[^1], Is.EqualTo(2));
    }

    /// <summary>A line as a person types it, where "harness" is the built program.</summary>
    private static async Task<int> ShellAsync(string command, string directory)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"harness() {{ dotnet '{HarnessRun.Program}' \"$@\"; }}; {command}"])
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await TestContext.Out.WriteLineAsync($"$ {command}\n{output}{await error}");
        return process.ExitCode;
    }
}
