using System.CommandLine;
using Harness.Engine.Ports;
using Harness.Engine.Retention;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>What the verbs that forget, and that only show what would be, have in common.</summary>
internal static class ForgetRun
{
    /// <summary>Decides, forgets unless told not to, and prints.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="terminal">Where to print.</param>
    /// <param name="policy">The policy; null to forget <paramref name="points"/>.</param>
    /// <param name="points">Numbers to forget.</param>
    /// <param name="dryRun">Decides and changes nothing.</param>
    /// <param name="verdict">What is said of a recovery point that is not kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(
        ParseResult parse,
        Terminal terminal,
        RetentionPolicy? policy,
        IReadOnlyList<long> points,
        bool dryRun,
        string verdict,
        CancellationToken cancellationToken)
    {
        await using var opened = await ExistingVault.OpenAsync(parse, terminal, cancellationToken);
        using var scratches = new KnownScratches(parse);
        var request = new ForgetRequest
        {
            Vault = opened.Vault,
            Passphrase = opened.Passphrase,
            SourceName = parse.GetValue(SharedOptions.Name),
            Policy = policy,
            Points = points,
            ScratchOf = scratches.Of,
            DryRun = dryRun,
        };
        var report = await new ForgetJob(EngineFactory.Create(new NoProgress())).RunAsync(request, cancellationToken);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(terminal.Out, report, c => c.ForgetReport);
        }
        else
        {
            RetentionText.Write(terminal.Out, report, verdict);
        }

        return ExitCodes.Ok;
    }
}
