using Harness.Engine.Servers;

namespace Harness.Scenarios.CommandLine.Documents;

/// <summary>What <c>server --json</c> prints: what was done, and what may be done now.</summary>
internal sealed record ServerDocument(string Host, IReadOnlyList<string> Done, IReadOnlyList<ServerPossibility> Now)
{
    /// <summary>The document of a server after its steps.</summary>
    public static ServerDocument Of(ServerState server, IReadOnlyList<ServerStep> done) => new(
        ServerWords.Of(server.Host),
        [.. done.Select(ServerStepText.Of)],
        [.. Asked(server).Select(step => new ServerPossibility(
            ServerStepText.Of(step), ServerPrerequisites.Unmet(ServerRules.Default, server, step)))]);

    private static IEnumerable<ServerStep> Asked(ServerState server) =>
        (server.HasAgent ? (IEnumerable<ServerStep>)[] : [new ServerStep.InstallAgent()])
        .Concat(Enum.GetValues<ProtectionTarget>().Select(target => new ServerStep.Protect(target)));
}

/// <summary>A step, and what it needs that is not there; nothing when it may be done.</summary>
internal sealed record ServerPossibility(string Step, IReadOnlyList<ServerNeed> Needs);
