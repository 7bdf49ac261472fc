using System.CommandLine;
using System.Globalization;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.Searches.Swarm;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Searches for a disaster that loses something.</summary>
internal sealed class SwarmVerb : Verb
{
    private const int MostShown = 10;

    private readonly Option<long?> _seeds = new("--seeds") { Description = "How many cases; 1,000 when --minutes is not given either.", HelpName = "N" };
    private readonly Option<long?> _minutes = new("--minutes") { Description = "Begin no more cases after so many minutes.", HelpName = "M" };
    private readonly Option<ulong> _from = new("--from") { Description = "The first seed (default: 0).", HelpName = "SEED" };
    private readonly Option<int> _workers = new("--workers") { Description = "Cases at once (default: processors).", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<string?> _plant = new("--plant") { Description = "Search an engine with a known mistake in it, until it is found; 'list' names them.", HelpName = "NAME" };
    private readonly Option<DirectoryInfo> _out = new("--out") { Description = "Where failing cases go, shrunk (default: out/swarm).", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo("out/swarm") };

    public SwarmVerb(Terminal terminal)
        : base(
            terminal,
            "swarm",
            "Run seeded simulated disasters: edits, backups, prunes, restores, faults and crashes; shrink what fails to a file for 'repro'.",
            "harness swarm --seeds 1000",
            "harness swarm --minutes 30 --from 1000000",
            "harness swarm --plant skip-flush")
    {
        Add(_seeds);
        Add(_minutes);
        Add(_from);
        Add(_workers);
        Add(_plant);
        Add(_out);
        foreach (var option in new[] { _seeds, _minutes })
        {
            option.Validators.Add(result =>
            {
                if (!result.Errors.Any() && result.GetValueOrDefault<long?>() < 1)
                {
                    result.AddError($"{option.Name} takes a whole number from 1.");
                }
            });
        }

        _workers.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 1024)
            {
                result.AddError("--workers takes a whole number from 1 to 1024.");
            }
        });
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_plant) is { } planted)
        {
            return Task.FromResult(new PlantedSearch(Terminal, parse.GetRequiredValue(_out)).Run(planted, parse.GetValue(_from), parse.GetValue(_seeds), cancellationToken));
        }

        var minutes = parse.GetValue(_minutes);
        var seeds = parse.GetValue(_seeds) ?? (minutes is null ? 1_000 : null);
        var begun = TimeProvider.System.GetTimestamp();
        var search = new SwarmSearch();
        var failures = 0;
        search.Run(
            parse.GetValue(_from),
            seeds,
            () => cancellationToken.IsCancellationRequested || (minutes is { } most && TimeProvider.System.GetElapsedTime(begun).TotalMinutes >= most),
            parse.GetValue(_workers),
            (swarmCase, outcome) => Report(swarmCase, outcome, parse.GetRequiredValue(_out), ++failures));
        foreach (var line in search.Coverage.Lines())
        {
            Terminal.Out.WriteLine(line);
        }

        Terminal.Out.WriteLine($"{Sizes.Count(search.Cases, "case")}, {failures:N0} failed.");
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(failures == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult);
    }

    private void Report(SwarmCase swarmCase, SwarmOutcome outcome, DirectoryInfo directory, int number)
    {
        Terminal.Out.WriteLine($"seed {swarmCase.Seed}: {outcome.Problems[0]}");
        if (number > MostShown)
        {
            return;
        }

        Terminal.Out.WriteLine(ShrunkCase.Write(
            swarmCase, outcome, SwarmRun.Of, directory, string.Create(CultureInfo.InvariantCulture, $"seed-{swarmCase.Seed}")));
    }
}
