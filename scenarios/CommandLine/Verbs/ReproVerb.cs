using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.PlantedBugs;
using Harness.Scenarios.Searches.Swarm;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Runs a written disaster again.</summary>
internal sealed class ReproVerb : Verb
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "A case that 'harness swarm' wrote." };
    private readonly Option<bool> _shrink = new("--shrink") { Description = "Make the case smaller while it fails in the same way, and print it." };
    private readonly Option<string?> _plant = new("--plant") { Description = "Run it with a known mistake in the engine, as 'swarm --plant' did.", HelpName = "NAME" };

    public ReproVerb(Terminal terminal)
        : base(
            terminal,
            "repro",
            "Run a case of 'swarm' again, call by call the same; it says what does not hold.",
            "harness repro out/swarm/seed-17.yaml")
    {
        Add(_file);
        Add(_shrink);
        Add(_plant);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var file = parse.GetRequiredValue(_file);
        string text;
        try
        {
            text = File.ReadAllText(file.FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorCode.ScenarioInvalid, $"'{file}' cannot be read: {error.Message}", "Name a file that 'harness swarm' wrote.");
        }

        var swarmCase = CaseFile.Read(text, file.ToString());
        var planted = parse.GetValue(_plant) is { } name ? PlantedBugCatalog.Find(name) : null;
        SwarmOutcome Run(SwarmCase candidate) => SwarmRun.Of(candidate, planted);
        var outcome = Run(swarmCase);
        foreach (var problem in outcome.Problems)
        {
            Terminal.Out.WriteLine(problem);
        }

        if (outcome.Problems.Count > 0 && parse.GetValue(_shrink))
        {
            var (small, _) = SwarmShrinker.Shrink(swarmCase, outcome, Run);
            Terminal.Out.Write(CaseFile.Write(small, Run(small).Problems));
        }

        Terminal.Out.WriteLine($"{Sizes.Count(swarmCase.Steps.Count, "step")}, {Sizes.Count(outcome.Fired.Count, "fault")} fired, trace {outcome.Trace:x16}: "
            + (outcome.Problems.Count == 0 ? "all is well." : $"{Sizes.Count(outcome.Problems.Count, "problem")}."));
        return Task.FromResult(outcome.Problems.Count == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult);
    }
}
