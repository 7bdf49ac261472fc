using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Composition;
using Harness.Scenarios.CommandLine.Output;

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
        Add(SharedOptions.Profile);
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

        policy?.RequireValid(ProfileCatalog.Load(parse.GetValue(SharedOptions.Profile) ?? ProfileCatalog.DefaultId).Options.Retention);
        var dryRun = parse.GetValue(SharedOptions.DryRun);
        return await ForgetRun.RunAsync(
            parse, Terminal, policy, points, dryRun, dryRun ? "would be forgotten" : "forgotten", cancellationToken);
    }
}
