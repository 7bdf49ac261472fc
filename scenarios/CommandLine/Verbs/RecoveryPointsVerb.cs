using System.CommandLine;
using Harness.Engine.Ports;
using Harness.Engine.RecoveryPoints;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Lists the recovery points of a vault.</summary>
internal sealed class RecoveryPointsVerb : Verb
{
    public RecoveryPointsVerb(Terminal terminal)
        : base(
            terminal,
            "recovery-points",
            "List the recovery points of a vault: when each was taken, what it protects, what it skipped. Exit code 2 on damage.",
            "harness recovery-points --vault dir:./vault --passphrase-file secret.txt")
    {
        Add(SharedOptions.Vault);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        using var scratches = new KnownScratches(parse);
        var listing = await new RecoveryPointReader(EngineFactory.Create(new NoProgress()))
            .ListAsync(opened.Vault, opened.Passphrase, scratches.Of, cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, RecoveryPointsDocument.Of(listing), c => c.RecoveryPointsDocument);
        }
        else
        {
            RecoveryPointsTable.Write(Terminal, listing);
        }

        return listing.Damaged.Count == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }
}
