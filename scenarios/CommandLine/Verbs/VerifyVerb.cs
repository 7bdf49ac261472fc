using System.CommandLine;
using Harness.Engine.Rules;
using Harness.Engine.Verify;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Compares a recovery point with a source without restoring it.</summary>
internal sealed class VerifyVerb : Verb
{
    private readonly Option<string> _source = new("--source")
    {
        Description = "A directory (the live source, or a restored copy), or recipe:FILE[@EDIT,...] for a simulated volume.",
        HelpName = "SOURCE",
        Required = true,
    };

    public VerifyVerb(Terminal terminal)
        : base(
            terminal,
            "verify",
            "Compare a recovery point with a source without restoring: the source is read once, and nothing but metadata is fetched "
            + "from the vault. Exit code 3 when anything differs or cannot be read.",
            "harness verify --vault dir:./vault --source ./documents --passphrase-file secret.txt",
            "harness verify --vault dir:./vault --source ./restored --recovery-point 3 --path reports --json")
    {
        Add(SharedOptions.Vault);
        Add(_source);
        Add(SharedOptions.Name);
        Add(RecoveryPointOption.Point);
        Add(RecoveryPointOption.Paths);
        Add(SharedOptions.Profile);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var vaultName = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var source = SourceFactory.Open(parse.GetRequiredValue(_source), vaultName, scratch: null);
        var profile = ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId);
        await using var existing = await ExistingVault.OpenAsync(parse, Terminal, cancellationToken);
        var request = new VerifyRequest
        {
            Vault = existing.Vault,
            Passphrase = existing.Passphrase,
            Source = source,
            Profile = profile,
            SourceName = parse.GetValue(SharedOptions.Name),
            RecoveryPoint = parse.GetValue(RecoveryPointOption.Point),
            Paths = parse.GetValue(RecoveryPointOption.Paths) ?? [],
        };
        var report = await ProgressDisplay.RunAsync(
            Terminal,
            async progress => await new VerifyJob(EngineFactory.Create(progress)).RunAsync(request, cancellationToken));
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, VerifyDocument.Of(report), c => c.VerifyDocument);
        }
        else
        {
            VerifyText.Write(Terminal.Out, report);
        }

        return report.Differences.Count + report.Failed.Count == 0 ? ExitCodes.Ok : ExitCodes.Incomplete;
    }
}
