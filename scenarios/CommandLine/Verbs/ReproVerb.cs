using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Composition;
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
    private readonly Option<string?> _vault = new("--vault")
    {
        Description = "Run the case over HTTP too, on a real blob server beside the simulated vault, and compare every answer: azurite, or "
            + "the URL of a container that is empty.",
        HelpName = "VAULT",
    };

    public ReproVerb(Terminal terminal)
        : base(
            terminal,
            "repro",
            "Run a case of 'swarm' again, call by call the same; it says what does not hold.",
            "harness repro out/swarm/seed-17.yaml",
            "harness repro out/swarm/seed-17.yaml --vault azurite")
    {
        Add(_file);
        Add(_shrink);
        Add(_vault);
        Add(_plant);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
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
        var outcome = parse.GetValue(_vault) is { } vault
            ? await BesideAsync(swarmCase, planted, new VaultName(vault), cancellationToken)
            : Run(swarmCase);
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
        return outcome.Problems.Count == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }

    private async Task<SwarmOutcome> BesideAsync(
        SwarmCase swarmCase, PlantedBug? planted, VaultName name, CancellationToken cancellationToken)
    {
        await using var lease = await TwinLease.OpenAsync(name, Terminal, cancellationToken);
        var outcome = SwarmRun.Of(swarmCase, planted, lease.Twin);
        Terminal.Out.WriteLine(
            $"{Sizes.Count(lease.Twin.Calls, "call")} over HTTP, {lease.Twin.Faults:N0} of them with a fault, each answered as in the simulation"
            + (outcome.Problems.Count == 0 ? "." : " but for what is listed here."));
        return outcome;
    }
}
