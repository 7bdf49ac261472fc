using System.CommandLine;
using Harness.Engine.Ports;
using Harness.Engine.Retention;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Takes a forgotten recovery point back.</summary>
internal sealed class UndeleteVerb : Verb
{
    private readonly Option<long> _point = new("--point")
    {
        Description = "Number of the recovery point.",
        HelpName = "N",
        Required = true,
    };

    public UndeleteVerb(Terminal terminal)
        : base(
            terminal,
            "undelete",
            "Take back a recovery point that was forgotten in the last 14 days.",
            "harness undelete --vault dir:./vault --point 3 --passphrase-file secret.txt")
    {
        Add(SharedOptions.Vault);
        Add(SharedOptions.Name);
        Add(_point);
        Add(SharedOptions.PassphraseFile);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var vaultName = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var passphrase = await PassphraseReader.ReadAsync(
            parse.GetValue(SharedOptions.PassphraseFile), Terminal, cancellationToken);
        await using var lease = await VaultLease.OpenAsync(vaultName, VaultUse.Existing, Terminal, cancellationToken);
        var point = parse.GetRequiredValue(_point);
        await new UndeleteJob(EngineFactory.Create(new NoProgress())).RunAsync(
            new UndeleteRequest(lease.Vault, passphrase, parse.GetValue(SharedOptions.Name), point), cancellationToken);
        Terminal.Out.WriteLine($"Recovery point {point} is back.");
        return ExitCodes.Ok;
    }
}
