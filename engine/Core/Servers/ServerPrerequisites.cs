using System.Globalization;

namespace Harness.Engine.Servers;

/// <summary>What a server lacks for a step; each lack once, whatever else lacks. Pure; safe on any thread.</summary>
public static class ServerPrerequisites
{
    /// <summary>Everything that stands against the step, in the order in which it has to be mended; empty when it may be done.</summary>
    public static IReadOnlyList<ServerNeed> Unmet(ServerRules rules, ServerState server, ServerStep step)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(server);
        return step switch
        {
            ServerStep.InstallUpdateRollup { Number: var number } => [.. Rollup(rules, server, number)],
            ServerStep.InstallAgent => [.. Agent(rules, server)],
            ServerStep.Protect { Target: var target } => [.. Protect(rules, server, target)],
            _ => [],
        };
    }

    private static IEnumerable<ServerNeed> Rollup(ServerRules rules, ServerState server, int number)
    {
        if (server.SystemCenter is null)
        {
            yield return NoSystemCenter(rules.Of(server.Host).Clause, $"before Update Rollup {number}");
        }
    }

    private static IEnumerable<ServerNeed> Agent(ServerRules rules, ServerState server)
    {
        var agent = rules.Agent;
        if (server.SystemCenter is not { } release)
        {
            yield return NoSystemCenter(agent.SystemCenterClause, "before the agent");
        }
        else if (Release(rules.Of(server.Host), server) is { } need)
        {
            yield return need;
        }
        else if (agent.UpdateRollups.FirstOrDefault(level => level.Release == release) is { } first
            && server.UpdateRollup < first.UpdateRollup)
        {
            yield return NoRollup(first, server, agent.UpdateRollupsClause, "before the agent");
        }

        if (!server.HasPowerShell)
        {
            yield return new("Windows PowerShell", "none", "Install Windows PowerShell.", agent.PowerShellClause);
        }

        if (server.DotNetFramework is not { } framework || framework < agent.DotNetFramework)
        {
            yield return new(
                $".NET Framework {agent.DotNetFramework} or later",
                server.DotNetFramework is { } found ? $".NET Framework {found}" : "none",
                $"Install .NET Framework {agent.DotNetFramework} or later.",
                agent.DotNetFrameworkClause);
        }
    }

    private static IEnumerable<ServerNeed> Protect(ServerRules rules, ServerState server, ProtectionTarget target)
    {
        var host = rules.Of(server.Host);
        if (!host.Targets.Contains(target))
        {
            yield return new(
                $"another target than {ServerWords.Of(target)} on {ServerWords.Title(server.Host)}",
                ServerWords.Of(target),
                $"Protect to one of: {string.Join(", ", host.Targets.Select(ServerWords.Of))}.",
                host.TargetsClause);
        }

        if (Release(host, server) is { } need)
        {
            yield return need;
        }

        if (target != ProtectionTarget.Vault)
        {
            yield break;
        }

        if (server.SystemCenter < rules.Vault.From)
        {
            var from = ServerWords.Title(rules.Vault.From);
            yield return new(
                $"{from} or later for backup to Azure", ServerWords.Title(server.SystemCenter.Value), $"Upgrade to {from} or later.",
                rules.Vault.FromClause);
        }

        if (!server.HasAgent)
        {
            yield return new("the Azure Backup agent", "none", "Install the Azure Backup agent.", rules.Vault.AgentClause);
        }
    }

    /// <summary>Whether one of the host's releases is there, at its level.</summary>
    private static ServerNeed? Release(HostRule host, ServerState server)
    {
        if (server.SystemCenter is not { } release)
        {
            return NoSystemCenter(host.Clause, $"on {ServerWords.Title(host.Host)}");
        }

        if (host.Releases.FirstOrDefault(level => level.Release == release) is { } level)
        {
            return server.UpdateRollup < level.UpdateRollup
                ? NoRollup(level, server, host.Clause, $"on {ServerWords.Title(host.Host)}")
                : null;
        }

        var known = string.Join(" or ", host.Releases.Select(row => row.UpdateRollup == 0
            ? ServerWords.Title(row.Release)
            : string.Create(CultureInfo.InvariantCulture, $"{ServerWords.Title(row.Release)} with Update Rollup {row.UpdateRollup} or later")));
        return new($"{known} on {ServerWords.Title(host.Host)}", ServerWords.Title(release), $"Install {known}.", host.Clause);
    }

    private static ServerNeed NoSystemCenter(string clause, string when) => new(
        $"System Center Data Protection Manager {when}", "none", "Install System Center Data Protection Manager first.", clause);

    private static ServerNeed NoRollup(ReleaseLevel level, ServerState server, string clause, string when) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"Update Rollup {level.UpdateRollup} or later of {ServerWords.Title(level.Release)} {when}"),
        server.UpdateRollup == 0 ? "no update rollup" : string.Create(CultureInfo.InvariantCulture, $"Update Rollup {server.UpdateRollup}"),
        string.Create(CultureInfo.InvariantCulture, $"Install Update Rollup {level.UpdateRollup} of {ServerWords.Title(level.Release)} first."),
        clause);
}
