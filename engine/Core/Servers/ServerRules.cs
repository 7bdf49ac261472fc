namespace Harness.Engine.Servers;

/// <summary>
/// What a protection server must have before it may do a thing ("Requirements (and limitations)", page of 2017-03-10), as data. Ids of clauses
/// are those of the default profile. Immutable; <see cref="Default"/> is what ships.
/// </summary>
public sealed record ServerRules
{
    private static readonly Lazy<ServerRules> Shipped = new(ServerRulesReader.ReadShipped);

    /// <summary>The published rules.</summary>
    public static ServerRules Default => Shipped.Value;

    /// <summary>Where a server may run, one row a host.</summary>
    public required IReadOnlyList<HostRule> Hosts { get; init; }

    /// <summary>What must be there before the agent.</summary>
    public required AgentRule Agent { get; init; }

    /// <summary>What backup to a vault needs.</summary>
    public required VaultRule Vault { get; init; }

    /// <summary>The row of a host.</summary>
    public HostRule Of(HostKind host) => Hosts.First(row => row.Host == host);
}

/// <summary>A release, and the first update rollup of it that will do.</summary>
/// <param name="Release">The release.</param>
/// <param name="UpdateRollup">0 when none is needed.</param>
public sealed record ReleaseLevel(SystemCenterRelease Release, int UpdateRollup);

/// <summary>What runs on a host, and where that may put data.</summary>
/// <param name="Host">The host.</param>
/// <param name="Releases">One of them is needed.</param>
/// <param name="Clause">The clause that says so.</param>
/// <param name="Targets">Where data may go.</param>
/// <param name="TargetsClause">The clause that says that.</param>
public sealed record HostRule(
    HostKind Host, IReadOnlyList<ReleaseLevel> Releases, string Clause, IReadOnlyList<ProtectionTarget> Targets, string TargetsClause);

/// <summary>What must be there before the agent may be installed.</summary>
/// <param name="UpdateRollups">Rollups that releases need first; others need none.</param>
/// <param name="UpdateRollupsClause">The clause of the rollups.</param>
/// <param name="PowerShellClause">The clause of Windows PowerShell.</param>
/// <param name="DotNetFramework">The first .NET Framework that will do.</param>
/// <param name="DotNetFrameworkClause">The clause of .NET Framework.</param>
/// <param name="SystemCenterClause">The clause by which System Center comes before the agent.</param>
public sealed record AgentRule(
    IReadOnlyList<ReleaseLevel> UpdateRollups, string UpdateRollupsClause, string PowerShellClause, Version DotNetFramework,
    string DotNetFrameworkClause, string SystemCenterClause);

/// <summary>What backup to a vault needs.</summary>
/// <param name="From">The first release that can.</param>
/// <param name="FromClause">Its clause.</param>
/// <param name="AgentClause">The clause of the agent.</param>
public sealed record VaultRule(SystemCenterRelease From, string FromClause, string AgentClause);
