using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Output;

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
        Add(SharedOptions.Profile);
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
        policy.RequireValid(ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId).Options.Retention);
        return await ForgetRun.RunAsync(parse, Terminal, policy, points: [], dryRun: true, "not kept", cancellationToken);
    }
}
