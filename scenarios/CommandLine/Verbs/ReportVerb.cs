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
            "Work with the results of runs: join the parts that 'run --shard' made.",
            "harness report merge out/1 out/2 --out out/all")
    {
        Add(new ReportMergeVerb(terminal));
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.ArgumentInvalid, "Which verb? merge.", "See 'harness report --help'.");
}
