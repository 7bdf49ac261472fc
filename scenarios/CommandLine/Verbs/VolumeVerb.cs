using System.CommandLine;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Groups what is done with recipes of simulated volumes.</summary>
internal sealed class VolumeVerb : Verb
{
    public VolumeVerb(Terminal terminal)
        : base(
            terminal,
            "volume",
            "Make and look at recipes of simulated volumes: files, streams, attributes and edits, generated from a seed.",
            "harness volume new office.yaml --sample office",
            "harness volume show office.yaml")
    {
        // Without an action of its own the parser asks for one of the two.
        Action = null;
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        Task.FromResult(ExitCodes.BadInput);
}
