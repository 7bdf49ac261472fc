using Harness.Engine.Errors;
using Harness.Engine.Rules;
using Harness.Engine.Servers;
using NUnit.Framework;

namespace Harness.Tests.Engine.Servers;

/// <summary>The prerequisites of the page of 2017-03-10, each missing alone and with each other. Expectations are written from the page.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ServerPrerequisiteTests
{
    /// <summary>Each host with the least that it may have, and what is missed of it: what to leave out, and the clause that says so.</summary>
    private static readonly (string Host, string Steps, (string LeftOut, string Clause)[] Prerequisites)[] Servers =
    [
        ("physical", "system-center:2012-sp1 update-rollup:2 powershell dotnet:4.5",
            [("update-rollup:2", "topology.update-rollup"), ("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
        ("hyper-v", "system-center:2012-sp1 update-rollup:2 powershell dotnet:4.5",
            [("update-rollup:2", "topology.update-rollup"), ("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
        ("physical", "system-center:2012-r2 powershell dotnet:4.5",
            [("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
        ("hyper-v", "system-center:2012-r2 powershell dotnet:4.5",
            [("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
        ("azure-vm", "system-center:2012-r2 update-rollup:3 powershell dotnet:4.5",
            [("update-rollup:3", "topology.azure-vm"), ("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
        ("vmware-vm", "system-center:2012-r2 update-rollup:5 powershell dotnet:4.5",
            [("update-rollup:5", "topology.vmware-vm"), ("powershell", "topology.framework"), ("dotnet:4.5", "topology.framework")]),
    ];

    [TestCaseSource(nameof(AloneAndInPairs))]
    public void Agent_PrerequisitesLeftOut_EachIsNamedWithItsClause(string host, string steps, string[] clauses)
    {
        var server = Installed(host, steps);

        Assert.That(() => server.Do(new ServerStep.InstallAgent()), Refused(clauses));
        Assert.That(server.State.HasAgent, Is.False, "a refused step changes nothing");
    }

    [TestCaseSource(nameof(Complete))]
    public void Agent_EverythingThere_IsInstalledAndDataMayGoToTheVault(string host, string steps)
    {
        var server = Installed(host, steps);

        server.Do(new ServerStep.InstallAgent());
        server.Do(new ServerStep.Protect(ProtectionTarget.Vault));
        server.Do(new ServerStep.Protect(ProtectionTarget.Disk));
        Assert.That(server.State.HasAgent);
    }

    [TestCase("physical", "2012-sp1 1 refused")]
    [TestCase("physical", "2012-sp1 2 allowed")]
    [TestCase("hyper-v", "2012-sp1 1 refused")]
    [TestCase("azure-vm", "2012-r2 2 refused")]
    [TestCase("azure-vm", "2012-r2 3 allowed")]
    [TestCase("azure-vm", "2012-r2 6 allowed")]
    [TestCase("vmware-vm", "2012-r2 4 refused")]
    [TestCase("vmware-vm", "2012-r2 5 allowed")]
    [TestCase("azure-vm", "2012-sp1 3 refused")]
    [TestCase("vmware-vm", "2012-sp1 5 refused")]
    [TestCase("physical", "2012 9 refused")]
    [TestCase("physical", "2016 1 refused")]
    public void Agent_RollupAtTheEdge_DecidesByTheHost(string host, string level)
    {
        var words = level.Split(' ');
        var server = Installed(host, $"system-center:{words[0]} update-rollup:{words[1]} powershell dotnet:4.5");

        Assert.That(
            ServerPrerequisites.Unmet(ServerRules.Default, server.State, new ServerStep.InstallAgent()),
            words[2] == "allowed" ? Is.Empty : Has.Count.EqualTo(1));
    }

    [Test]
    public void Order_AgentBeforeItsRollup_IsRefusedAndAllowedAfterwards()
    {
        var server = Installed("physical", "system-center:2012-sp1 powershell dotnet:4.5.2");

        Assert.That(() => server.Do(new ServerStep.InstallAgent()), Refused("topology.update-rollup"));
        server.Do(new ServerStep.InstallUpdateRollup(2));
        server.Do(new ServerStep.InstallAgent());
        Assert.That(server.State.HasAgent);
    }

    [Test]
    public void Order_SystemCenterLast_IsRefusedForRollupAndAgent()
    {
        var server = Installed("physical", "powershell dotnet:4.5");

        Assert.That(() => server.Do(new ServerStep.InstallUpdateRollup(2)), Refused("topology.hosts"));
        Assert.That(() => server.Do(new ServerStep.InstallAgent()), Refused("topology.agent"));
    }

    [Test]
    public void Upgrade_ToANewRelease_BeginsWithoutRollups()
    {
        var server = Installed("azure-vm", "system-center:2012-sp1 update-rollup:9 powershell dotnet:4.5");

        server.Do(new ServerStep.InstallSystemCenter(SystemCenterRelease.SystemCenter2012R2));

        Assert.That(server.State.UpdateRollup, Is.Zero);
        Assert.That(() => server.Do(new ServerStep.InstallAgent()), Refused("topology.azure-vm"));
    }

    [Test]
    public void Upgrade_ToAnOlderRelease_IsRefused()
    {
        var server = Installed("physical", "system-center:2012-r2 update-rollup:5");

        Assert.That(
            () => server.Do(new ServerStep.InstallSystemCenter(SystemCenterRelease.SystemCenter2012Sp1)),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid));
        Assert.That(
            () => server.Do(new ServerStep.InstallUpdateRollup(4)),
            Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid));
    }

    [TestCase("dotnet:4.0", false)]
    [TestCase("dotnet:4.5", true)]
    [TestCase("dotnet:4.8", true)]
    public void Framework_AtTheEdge_Decides(string framework, bool enough)
    {
        var server = Installed("physical", $"system-center:2012-r2 powershell {framework}");

        Assert.That(
            ServerPrerequisites.Unmet(ServerRules.Default, server.State, new ServerStep.InstallAgent()),
            enough ? Is.Empty : Has.One.With.Property("Clause").EqualTo("topology.framework"));
    }

    [TestCase("physical", "disk tape vault")]
    [TestCase("hyper-v", "disk tape vault")]
    [TestCase("azure-vm", "disk vault")]
    [TestCase("vmware-vm", "disk tape vault")]
    public void Targets_OfAHost_AreThoseOfThePage(string host, string targets)
    {
        var server = Installed(host, "system-center:2012-r2 update-rollup:5 powershell dotnet:4.5 agent");

        Assert.That(
            Enum.GetValues<ProtectionTarget>()
                .Where(target => ServerPrerequisites.Unmet(ServerRules.Default, server.State, new ServerStep.Protect(target)).Count == 0)
                .Select(ServerWords.Of),
            Is.EqualTo(targets.Split(' ')));
    }

    [Test]
    public void Vault_WithoutAgent_IsRefusedAndDiskIsNot()
    {
        var server = Installed("physical", "system-center:2012-sp1");

        Assert.That(() => server.Do(new ServerStep.Protect(ProtectionTarget.Vault)), Refused("topology.agent"));
        server.Do(new ServerStep.Protect(ProtectionTarget.Disk));
    }

    [Test]
    public void Vault_BeforeSp1_IsRefusedByItsOwnClauseToo()
    {
        var server = Installed("physical", "system-center:2012");

        Assert.That(
            () => server.Do(new ServerStep.Protect(ProtectionTarget.Vault)),
            Refused("topology.hosts", "topology.from", "topology.agent"));
    }

    [Test]
    public void Rules_EveryClause_IsOneOfTheDefaultProfile()
    {
        var rules = ServerRules.Default;
        var profile = ProfileCatalog.Load(ProfileCatalog.DefaultId);

        Assert.That(
            rules.Hosts.SelectMany(host => (string[])[host.Clause, host.TargetsClause]).Concat(
            [
                rules.Agent.UpdateRollupsClause, rules.Agent.PowerShellClause, rules.Agent.DotNetFrameworkClause,
                rules.Agent.SystemCenterClause, rules.Vault.FromClause, rules.Vault.AgentClause,
            ]),
            Has.All.Matches<string>(id => profile.HasClause(id!)));
        Assert.That(rules.Hosts.Select(host => host.Host), Is.EquivalentTo(Enum.GetValues<HostKind>()));
    }

    [TestCase("update-rollup:0")]
    [TestCase("update-rollup:100")]
    [TestCase("update-rollup")]
    [TestCase("system-center:2012-r3")]
    [TestCase("dotnet:four")]
    [TestCase("agent:1")]
    [TestCase("protect:cloud")]
    [TestCase("")]
    public void Step_NotKnown_IsAnArgumentError(string text) => Assert.That(
        () => ServerStepText.Parse(text),
        Throws.TypeOf<BackupException>().With.Property("Code").EqualTo(ErrorCode.ArgumentInvalid)
            .And.Property("Remedy").Not.Empty);

    private static IEnumerable<TestCaseData> AloneAndInPairs()
    {
        foreach (var (host, steps, prerequisites) in Servers)
        {
            for (var i = 0; i < prerequisites.Length; i++)
            {
                for (var k = i; k < prerequisites.Length; k++)
                {
                    string[] left = [prerequisites[i].LeftOut, prerequisites[k].LeftOut];
                    string[] clauses = i == k ? [prerequisites[i].Clause] : [prerequisites[i].Clause, prerequisites[k].Clause];
                    var rest = string.Join(' ', steps.Split(' ').Except(left, StringComparer.Ordinal));
                    yield return new TestCaseData(host, rest, clauses).SetArgDisplayNames(host, rest);
                }
            }
        }
    }

    private static IEnumerable<TestCaseData> Complete() =>
        Servers.Select(row => new TestCaseData(row.Host, row.Steps).SetArgDisplayNames(row.Host, row.Steps));

    private static ProtectionServer Installed(string host, string steps)
    {
        var server = new ProtectionServer(ServerRules.Default, ServerWords.Host(host));
        foreach (var step in steps.Split(' '))
        {
            server.Do(ServerStepText.Parse(step));
        }

        return server;
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(params string[] clauses) =>
        Throws.TypeOf<BackupException>()
            .With.Property("Code").EqualTo(ErrorCode.ServerPrerequisiteMissing)
            .And.Property("Clause").EqualTo(clauses[0])
            .And.Property("Remedy").Not.Empty
            .And.Matches<BackupException>(error =>
                clauses.All(clause => error!.Message.Contains($"[{clause}]", StringComparison.Ordinal))
                && error!.Message.Split("it needs").Length - 1 == clauses.Length);
}
