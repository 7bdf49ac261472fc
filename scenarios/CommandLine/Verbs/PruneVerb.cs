using System.CommandLine;
using Harness.Engine.Prune;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Removes what no recovery point needs.</summary>
internal sealed class PruneVerb : Verb
{
    private readonly Option<string> _maxUnused = new("--max-unused")
    {
        Description = "Share of a pack that may be unused before the rest of it is copied and the pack removed (default: 20%).",
        HelpName = "P%",
        DefaultValueFactory = _ => "20%",
    };

    private readonly Option<string?> _breakSession = new("--break-session")
    {
        Description = "Remove the session of a writer that is dead, named as a prune reports it.",
        HelpName = "ID",
    };

    public PruneVerb(Terminal terminal)
        : base(
            terminal,
            "prune",
            "Remove what no recovery point needs, beside running backups: one prune condemns, a later one removes what no session holds.",
            "harness prune --vault dir:./vault --passphrase-file secret.txt")
    {
        Add(SharedOptions.Vault);
        Add(_maxUnused);
        Add(_breakSession);
        Add(SharedOptions.DryRun);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
        _maxUnused.Validators.Add(result =>
        {
            if (Percent(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError("--max-unused takes a share of 0% to 100%.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var request = new PruneRequest
        {
            Vault = opened.Vault,
            Passphrase = opened.Passphrase,
            MaxUnusedPercent = Percent(parse.GetRequiredValue(_maxUnused))!.Value,
            DryRun = parse.GetValue(SharedOptions.DryRun),
            BreakSession = parse.GetValue(_breakSession),
        };
        var report = await ProgressDisplay.RunAsync(
            Terminal,
            async progress => await new PruneJob(EngineFactory.Create(progress)).RunAsync(request, cancellationToken));
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, report, c => c.PruneReport);
            return ExitCodes.Ok;
        }

        Terminal.Out.WriteLine(
            $"Removed {Sizes.Count(report.RemovedPacks, "pack")} ({Sizes.Text(report.RemovedBytes)}), "
            + $"{Sizes.Count(report.RemovedCommits, "commit")}, {Sizes.Count(report.RemovedManifests, "manifest")}.");
        Terminal.Out.WriteLine(
            $"Condemned {Sizes.Count(report.CondemnedPacks, "pack")} ({Sizes.Text(report.CondemnedBytes)}), "
            + $"{report.RepackedPacks:N0} of them after their used part was copied ({Sizes.Text(report.RepackedBytes)}); the next prune removes them.");
        foreach (var session in report.WaitingFor)
        {
            Terminal.Out.WriteLine($"  waits for {session}: a running backup, or a dead one that --break-session removes");
        }

        return ExitCodes.Ok;
    }

    private static int? Percent(string? text) =>
        int.TryParse(text?.TrimEnd('%'), System.Globalization.NumberStyles.None, null, out var percent) && percent <= 100
            ? percent
            : null;
}
