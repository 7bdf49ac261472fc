using System.CommandLine;
using Harness.Scenarios.Azurite;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Output;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Runs an Azurite in the foreground.</summary>
internal sealed class AzuriteVerb : Verb
{
    private readonly Option<long?> _port = new("--port")
    {
        Description = "TCP port on 127.0.0.1 (default: a free one).",
        HelpName = "N",
        CustomParser = result => Numbers.Read(result, 1, ushort.MaxValue),
    };

    public AzuriteVerb(Terminal terminal)
        : base(
            terminal,
            "azurite",
            "Start Azurite, a local Azure blob server, and keep it until Ctrl-C. It is installed on first use (Node.js 20 or later). It keeps "
            + "everything in memory: what was in it is gone when it ends. While it runs, --vault azurite means this one.",
            "harness azurite",
            "harness azurite --port 10000")
    {
        Add(_port);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var settings = AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable);
        var daemon = new AzuriteDaemon(settings, new AzuriteInstaller(settings, Terminal.Error.WriteLine));
        await daemon.RunAsync((int)(parse.GetValue(_port) ?? 0), Terminal.Out, cancellationToken);
        return ExitCodes.Ok;
    }
}
