using System.CommandLine;
using Harness.Engine.Errors;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Groups what is done with recipes of simulated volumes.</summary>
internal sealed class VolumeVerb : Verb
{
    public VolumeVerb(Terminal terminal)
        : base(
            terminal,
            "volume",
            "Make and look at recipes of simulated volumes: files, streams, attributes and named edits, generated from a seed.",
            "harness volume new office.yaml --sample office",
            "harness volume show office.yaml")
    {
        Add(new VolumeNewVerb(terminal));
        Add(new VolumeShowVerb(terminal));
        Add(new VolumeCaptureVerb(terminal));
        Add(new VolumeExportVerb(terminal));
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken) =>
        throw new BackupException(
            ErrorCode.ArgumentInvalid, "Which verb? new, show, capture, export.", "See 'harness volume --help'.");
}
