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

/// <summary>Forgets recovery points, by a policy or by number.</summary>
internal sealed class ForgetVerb : Verb
{
    private readonly RetentionOptions _policy = new();
    private readonly Option<long[]> _points = new("--point")
    {
        Description = "Number of a recovery point to forget; may be given more than once.",
        HelpName = "N",
    };

    public ForgetVerb(Terminal terminal)
        : base(
            terminal,
            "forget",
            "Forget recovery points that a retention policy does not keep, or by number. They can be undeleted for 14 days; then a prune frees them.",
            "harness forget --vault dir:./vault --daily 30 --weekly 12 --passphrase-file secret.txt",
            "harness forget --vault dir:./vault --point 3 --passphrase-file secret.txt")
    {
        Add(SharedOptions.Vault);
        Add(SharedOptions.Name);
        Add(_points);
        _policy.AddTo(this);
        Add(SharedOptions.DryRun);
        Add(SharedOptions.PassphraseFile);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var policy = _policy.Read(parse);
        var points = parse.GetValue(_points) ?? [];
        if (policy is null == (points.Length == 0))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                "Give either a policy (--daily, --weekly, --monthly, --yearly) or recovery points (--point).",
                "See 'harness forget --help'.");
        }

        policy?.RequireValid();
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
            Points = points,
            DryRun = parse.GetValue(SharedOptions.DryRun),
        };
        var report = await new ForgetJob(EngineFactory.Create(new NoProgress())).RunAsync(request, cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, report, c => c.ForgetReport);
        }
        else
        {
            RetentionText.Write(Terminal.Out, report, request.DryRun ? "would be forgotten" : "forgotten");
        }

        return ExitCodes.Ok;
    }
}
