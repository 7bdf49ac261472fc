using System.Runtime.CompilerServices;
using Harness.Scenarios.Model;
using Harness.Scenarios.Yaml;
using NUnit.Framework;

namespace Harness.Tests.Scenarios;

/// <summary>Where the catalogue stands, and how a test loads a text.</summary>
internal static class TestCatalog
{
    public const string SchemaLine = "# yaml-language-server: $schema=../scenario.schema.json";

    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceDirectory(), "..", "..", "scenarios", "catalog"));

    /// <summary>A scenario that is in order; tests change one thing in it.</summary>
    public const string Good = SchemaLine + """

        id: area.good
        title: A good scenario
        requirement: { clause: file.ordinary }
        volume:
          entries:
            - path: a.txt
              size: 1KiB
        steps: [backup]
        expect:
          - paths:
              - { path: "**", protected: incremental }

        """;

    public static IReadOnlyList<Problem> ProblemsOf(string text)
    {
        var problems = new ProblemList("x.yaml");
        ScenarioLoader.Load(text, problems);
        return problems.Problems;
    }

    public static Scenario Load(string text)
    {
        var problems = new ProblemList("x.yaml");
        var scenario = ScenarioLoader.Load(text, problems);
        Assert.That(problems.Problems, Is.Empty);
        return scenario!;
    }

    private static string SourceDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
