using Harness.Engine.Errors;

namespace Harness.Engine.Servers;

/// <summary>
/// A server on which Data Protection Manager is installed, step by step: a step that the rules do not allow at its time is refused and changes
/// nothing. Not safe for concurrent use.
/// </summary>
/// <param name="rules">What each step needs.</param>
/// <param name="host">What the server runs on.</param>
public sealed class ProtectionServer(ServerRules rules, HostKind host)
{
    /// <summary>What is there now.</summary>
    public ServerState State { get; private set; } = new(host);

    /// <summary>
    /// Does the step. ServerPrerequisiteMissing, with everything that lacks and the clause of the first, when it may not be done now;
    /// ArgumentInvalid for an older release or rollup than is there.
    /// </summary>
    public void Do(ServerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Require(step);
        State = step switch
        {
            ServerStep.InstallSystemCenter { Release: var release } => Upgrade(release),
            ServerStep.InstallUpdateRollup { Number: var number } => RollUp(number),
            ServerStep.InstallPowerShell => State with { HasPowerShell = true },
            ServerStep.InstallDotNetFramework { Version: var version } => State with
            {
                DotNetFramework = State.DotNetFramework > version ? State.DotNetFramework : version,
            },
            ServerStep.InstallAgent => State with { HasAgent = true },
            _ => State,
        };
    }

    private void Require(ServerStep step)
    {
        var needs = ServerPrerequisites.Unmet(rules, State, step);
        if (needs.Count > 0)
        {
            throw new BackupException(
                ErrorCode.ServerPrerequisiteMissing,
                $"The server cannot {Words(step)} now: "
                + string.Join("; ", needs.Select(need => $"it needs {need.Needed} and has {need.Found} [{need.Clause}]")) + ".",
                string.Join(" ", needs.Select(need => need.Remedy).Distinct(StringComparer.Ordinal)),
                needs[0].Clause);
        }
    }

    private ServerState Upgrade(SystemCenterRelease release) => State.SystemCenter > release
        ? throw Older(ServerWords.Title(release), ServerWords.Title(State.SystemCenter.Value))
        : State.SystemCenter == release ? State : State with { SystemCenter = release, UpdateRollup = 0 };

    private ServerState RollUp(int number) => number < 1
        ? throw new BackupException(ErrorCode.ArgumentInvalid, $"There is no Update Rollup {number}.", "Give 1 or more.")
        : State.UpdateRollup > number
            ? throw Older($"Update Rollup {number}", $"Update Rollup {State.UpdateRollup}")
            : State with { UpdateRollup = number };

    private static BackupException Older(string wanted, string found) => new(
        ErrorCode.ArgumentInvalid, $"{wanted} is older than {found}, which is installed.", "Leave the step out.");

    private static string Words(ServerStep step) => step switch
    {
        ServerStep.InstallUpdateRollup rollup => $"install Update Rollup {rollup.Number}",
        ServerStep.InstallAgent => "install the Azure Backup agent",
        ServerStep.Protect protect => $"protect data to {ServerWords.Of(protect.Target)}",
        _ => "do this",
    };
}
