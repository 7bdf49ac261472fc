using System.CommandLine;
using Harness.Engine.Servers;
using Harness.Scenarios.CommandLine.Arguments;
using Harness.Scenarios.CommandLine.Documents;
using Harness.Scenarios.CommandLine.Output;
using Harness.Scenarios.CommandLine.Reports;

namespace Harness.Scenarios.CommandLine.Verbs;

/// <summary>Installs a protection server on paper, step by step, and says what it may protect then.</summary>
internal sealed class ServerVerb : Verb
{
    private readonly Option<string> _host = new("--host")
    {
        Description = "What Data Protection Manager runs on: physical, hyper-v, azure-vm, vmware-vm.",
        HelpName = "KIND",
        Required = true,
    };

    private readonly Argument<string[]> _steps = new("STEP")
    {
        Description = "In order: system-center:RELEASE (2012, 2012-sp1, 2012-r2, 2016, 2019), update-rollup:N, powershell, dotnet:VERSION, agent, "
            + "protect:TARGET (disk, tape, vault).",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ServerVerb(Terminal terminal)
        : base(
            terminal,
            "server",
            "Say what a server of Data Protection Manager must have before it may install the agent or protect data, by which clause. The steps are "
            + "done in their order; the first that is not allowed ends it with what lacks and exit code 5. Nothing is installed.",
            "harness server --host physical system-center:2012-sp1 powershell dotnet:4.5 update-rollup:2 agent protect:vault",
            "harness server --host azure-vm system-center:2012-r2 update-rollup:3 --json")
    {
        Add(_host);
        Add(_steps);
        Add(SharedOptions.Json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var host = ServerWords.Host(parse.GetRequiredValue(_host));
        var steps = (parse.GetValue(_steps) ?? []).Select(ServerStepText.Parse).ToList();
        var server = new ProtectionServer(ServerRules.Default, host);
        steps.ForEach(server.Do);
        var document = ServerDocument.Of(server.State, steps);
        if (parse.GetValue(SharedOptions.Json))
        {
            DocumentContext.Write(Terminal.Out, document, c => c.ServerDocument);
        }
        else
        {
            ServerText.Write(Terminal.Out, document);
        }

        return Task.FromResult(ExitCodes.Ok);
    }
}
