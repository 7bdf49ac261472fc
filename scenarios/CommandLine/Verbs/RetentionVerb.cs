using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Groups what is done with retention policies.</summary>
internal sealed class RetentionVerb : Verb
{
    public RetentionVerb(Terminal terminal)
        : base(
            terminal,
            "retention",
            "Look at what a retention policy keeps: daily, weekly, monthly and yearly recovery points.",
            "harness retention show --vault dir:./vault --daily 30 --yearly 10 --passphrase-file secret.txt") =>
        Add(new RetentionShowVerb(terminal));

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.ArgumentInvalid, "Which verb? show.", "See 'harness retention --help'.");
}
