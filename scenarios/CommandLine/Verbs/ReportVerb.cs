using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Groups what is done with results.</summary>
internal sealed class ReportVerb : Verb
{
    public ReportVerb(Terminal terminal)
        : base(
            terminal,
            "report",
            "Work with the results of runs: join the parts that 'run --shard' made, or make the page anew.",
            "harness report merge out/1 out/2 --out out/all",
            "harness report page out --history nightly")
    {
        Add(new ReportMergeVerb(terminal));
        Add(new ReportPageVerb(terminal));
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.ArgumentInvalid, "Which verb? merge or page.", "See 'harness report --help'.");
}
