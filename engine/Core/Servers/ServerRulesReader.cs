using System.Text.Json;
using Harness.Engine.Format;

namespace Harness.Engine.Servers;

/// <summary>Reads <see cref="ServerRules"/>. Members that are not known are refused: a rule misspelled is a rule lost.</summary>
internal static class ServerRulesReader
{
    private const string Resource = "Harness.Engine.Servers.server-rules.json";

    public static ServerRules ReadShipped()
    {
        using var stream = typeof(ServerRulesReader).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    }

    private static ServerRules Read(JsonElement root)
    {
        root.RequireOnly("hosts", "agent", "vault");
        return new ServerRules
        {
            Hosts = root.List("hosts", ReadHost),
            Agent = ReadAgent(root.Member("agent")),
            Vault = ReadVault(root.Member("vault")),
        };
    }

    private static HostRule ReadHost(JsonElement row)
    {
        row.RequireOnly("host", "releases", "clause", "targets", "targetsClause");
        return new(
            ServerWords.Host(row.Text("host")),
            row.List("releases", ReadLevel),
            row.Text("clause"),
            [.. row.Texts("targets").Select(ServerWords.Target)],
            row.Text("targetsClause"));
    }

    private static AgentRule ReadAgent(JsonElement agent)
    {
        agent.RequireOnly(
            "updateRollups", "updateRollupsClause", "powerShellClause", "dotNetFramework", "dotNetFrameworkClause", "systemCenterClause");
        return new(
            agent.List("updateRollups", ReadLevel),
            agent.Text("updateRollupsClause"),
            agent.Text("powerShellClause"),
            Version.Parse(agent.Text("dotNetFramework")),
            agent.Text("dotNetFrameworkClause"),
            agent.Text("systemCenterClause"));
    }

    private static VaultRule ReadVault(JsonElement vault)
    {
        vault.RequireOnly("from", "fromClause", "agentClause");
        return new(ServerWords.Release(vault.Text("from")), vault.Text("fromClause"), vault.Text("agentClause"));
    }

    private static ReleaseLevel ReadLevel(JsonElement level)
    {
        level.RequireOnly("release", "updateRollup");
        return new(ServerWords.Release(level.Text("release")), level.Int("updateRollup"));
    }
}
