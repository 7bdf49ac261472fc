using System.CommandLine;
using Harness.Engine.Repair;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Mends what of a vault can be mended.</summary>
internal sealed class RepairVerb : Verb
{
    private readonly Option<bool> _readData = new("--read-data")
    {
        Description = "Read every segment to find packs that are damaged inside.",
    };

    public RepairVerb(Terminal terminal)
        : base(
            terminal,
            "repair",
            "Mend a vault from what is in it: lost indexes from packs; damaged packs are marked. Never lowers what can be restored.",
            "harness repair --vault dir:./vault --passphrase-file secret.txt --read-data")
    {
        Add(SharedOptions.Vault);
        Add(_readData);
        Add(SharedOptions.DryRun);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var request = new RepairRequest
        {
            Vault = opened.Vault,
            Passphrase = opened.Passphrase,
            ReadData = parse.GetValue(_readData),
            DryRun = parse.GetValue(SharedOptions.DryRun),
        };
        var report = await ProgressDisplay.RunAsync(
            Terminal,
            async progress => await new RepairJob(EngineFactory.Create(progress)).RunAsync(request, cancellationToken));
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, report, c => c.RepairReport);
        }
        else
        {
            Terminal.Out.WriteLine(
                $"Brought back {Sizes.Count(report.ReindexedPacks.Count, "pack")}, removed "
                + $"{Sizes.Count(report.RemovedIndexes.Count, "unreadable index blob")}, marked {Sizes.Count(report.DamagedPacks.Count, "damaged pack")}.");
            foreach (var finding in report.Unrepaired)
            {
                Terminal.Out.WriteLine($"  stays: {finding.Blob}: {finding.Message} Affects {string.Join(", ", finding.RecoveryPoints)}.");
            }

            LostText.Write(Terminal.Out, report.LostRecoveryPoints, report.LostFiles);
        }

        return report.Unrepaired.Count == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }
}
