using System.CommandLine;
using Harness.Engine.Check;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Checks a vault for damage.</summary>
internal sealed class CheckVerb : Verb
{
    private readonly Option<bool> _readData = new("--read-data")
    {
        Description = "Read, decrypt and hash every segment, not the structure only.",
    };

    private readonly Option<string?> _subset = new("--read-data-subset")
    {
        Description = "As --read-data, for part n of t of the packs: parts 1/t to t/t are all of them (t at most 256).",
        HelpName = "n/t",
    };

    public CheckVerb(Terminal terminal)
        : base(
            terminal,
            "check",
            "Check a vault: every recovery point, index and pack, with --read-data down to the last byte. Exit code 2 on damage.",
            "harness check --vault dir:./vault --passphrase-file secret.txt --read-data")
    {
        Add(SharedOptions.Vault);
        Add(_readData);
        Add(_subset);
        _subset.Validators.Add(result =>
        {
            if (ReadDataSubset.Parse(result.GetValueOrDefault<string?>()) is null)
            {
                result.AddError("--read-data-subset takes n/t with 1 <= n <= t <= 256.");
            }
        });
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var request = new CheckRequest
        {
            Vault = opened.Vault,
            Passphrase = opened.Passphrase,
            ReadData = parse.GetValue(_readData),
            Subset = ReadDataSubset.Parse(parse.GetValue(_subset)),
        };
        var report = await ProgressDisplay.RunAsync(
            Terminal,
            async progress => await new CheckJob(EngineFactory.Create(progress)).RunAsync(request, cancellationToken));
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, CheckDocument.Of(report), c => c.CheckDocument);
        }
        else
        {
            CheckText.Write(Terminal.Out, report, request.ReadData || request.Subset is not null);
        }

        return report.Findings.Count == 0 ? ExitCodes.Ok : ExitCodes.UnexpectedResult;
    }
}
