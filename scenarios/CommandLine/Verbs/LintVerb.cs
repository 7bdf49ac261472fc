using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Yaml;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Checks scenario documents.</summary>
internal sealed class LintVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES")
    {
        Description = "Scenario files, or directories of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public LintVerb(Terminal terminal)
        : base(
            terminal,
            "lint",
            "Check scenario files: unknown keys, unused axes and overlapping expectations, each with file, line and column.",
            "harness lint scenarios/catalog")
    {
        Add(_files);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var paths = parse.GetRequiredValue(_files);
        var catalogs = paths.Select(ScenarioCatalog.Lint).ToList();
        var problems = catalogs.SelectMany(c => c.Problems).ToList();
        var sound = catalogs.Sum(c => c.Scenarios.Count);
        foreach (var problem in problems)
        {
            Terminal.Out.WriteLine(problem);
        }

        if (problems.Count > 0)
        {
            var files = problems.Select(p => p.File).Distinct(StringComparer.Ordinal).Count();
            throw new BackupException(
                ErrorCode.ScenarioInvalid,
                $"{Sizes.Count(problems.Count, "problem")} in {Sizes.Count(files, "file")}; {Sizes.Count(sound, "scenario")} without any.",
                "Correct the lines above; 'harness schema scenario' prints the schema.");
        }

        Terminal.Out.WriteLine($"{Sizes.Count(sound, "scenario")}, no problem.");
        return Task.FromResult(ExitCodes.Ok);
    }
}
