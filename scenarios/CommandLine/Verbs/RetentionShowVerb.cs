using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Engine.Retention;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Shows what a retention policy keeps and why; changes nothing.</summary>
internal sealed class RetentionShowVerb : Verb
{
    private readonly RetentionOptions _policy = new();

    public RetentionShowVerb(Terminal terminal)
        : base(
            terminal,
            "show",
            "Show which recovery points a retention policy keeps, and why.",
            "harness retention show --vault dir:./vault --daily 30 --weekly 12 --passphrase-file secret.txt")
    {
        Add(SharedOptions.Vault);
        Add(SharedOptions.Name);
        _policy.AddTo(this);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var policy = _policy.Read(parse) ?? throw new BackupException(
            ErrorCode.ArgumentInvalid,
            "No retention policy is given.",
            "Give at least one of --daily, --weekly, --monthly and --yearly.");
        policy.RequireValid();
        var vaultName = new VaultName(parse.GetRequiredValue(SharedOptions.Vault));
        var passphrase = await PassphraseReader.ReadAsync(
            parse.GetValue(SharedOptions.PassphraseFile), Terminal, cancellationToken);
        await using var lease = await VaultLease.OpenAsync(vaultName, VaultUse.Existing, Terminal, cancellationToken);
        var request = new ForgetRequest
        {
            Vault = lease.Vault,
            Passphrase = passphrase,
            SourceName = parse.GetValue(SharedOptions.Name),
            Policy = policy,
            DryRun = true,
        };
        var report = await new ForgetJob(EngineFactory.Create(new NoProgress())).RunAsync(request, cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, report, c => c.ForgetReport);
        }
        else
        {
            RetentionText.Write(Terminal.Out, report, "not kept");
        }

        return ExitCodes.Ok;
    }
}
