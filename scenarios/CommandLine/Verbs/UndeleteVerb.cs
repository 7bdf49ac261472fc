using System.CommandLine;
using Harness.Engine.Ports;
using Harness.Engine.Retention;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
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
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var point = parse.GetRequiredValue(_point);
        await new UndeleteJob(EngineFactory.Create(new NoProgress())).RunAsync(
            new UndeleteRequest(opened.Vault, opened.Passphrase, parse.GetValue(SharedOptions.Name), point), cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, new UndeleteDocument(point), c => c.UndeleteDocument);
        }
        else
        {
            Terminal.Out.WriteLine($"Recovery point {point} is back.");
        }

        return ExitCodes.Ok;
    }
}
