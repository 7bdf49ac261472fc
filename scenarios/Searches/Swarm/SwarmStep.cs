using System.Globalization;
using Harness.Simulator.Scratch;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>One line of a case: an edit, jobs that run together, time that passes, a scratch location that is lost.</summary>
internal abstract record SwarmStep
{
    /// <summary>Reads a line; <see cref="FormatException"/> says what is wrong with it.</summary>
    public static SwarmStep Parse(string text)
    {
        var words = text.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        var rest = words.Length > 1 ? words[1] : "";
        return words.FirstOrDefault() switch
        {
            "edit" when rest.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries) is [var machine, var edit] => new EditStep(machine, SwarmEdit.Parse(edit)),
            "run" => new RunStep([.. rest.Split('|').Select(SwarmJob.Parse)]),
            "wait" when long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) => new WaitStep(hours),
            "track" when rest.Split(' ') is [var machine, ("on" or "off") and var way] => new TrackStep(machine, way == "on"),
            "mend" when rest.Length > 0 => new MendStep(rest.Trim()),
            "lose-scratch" when rest.Length > 0 => new LoseScratchStep(rest.Trim()),
            "power-cut" when rest.Split(' ') is [var machine, var loss] && Enum.TryParse<CrashLoss>(loss, ignoreCase: true, out var lost) => new PowerCutStep(machine, lost),
            _ => throw new FormatException(
                $"'{text}' is no step: 'edit MACHINE EDIT', 'run JOB | JOB', 'wait HOURS', 'track MACHINE on' or 'off', 'mend MACHINE', 'lose-scratch MACHINE' or 'power-cut MACHINE LOSS' is expected."),
        };
    }
}

/// <summary>An edit of a machine's volume.</summary>
internal sealed record EditStep(string Machine, SwarmEdit Edit) : SwarmStep
{
    public override string ToString() => $"edit {Machine} {Edit}";
}

/// <summary>Jobs that begin at the same time; the next step comes when all have ended or were killed.</summary>
internal sealed record RunStep(IReadOnlyList<SwarmJob> Jobs) : SwarmStep
{
    public override string ToString() => "run " + string.Join(" | ", Jobs);
}

/// <summary>Time passes.</summary>
internal sealed record WaitStep(long Hours) : SwarmStep
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"wait {Hours}");
}

/// <summary>From now on a machine's source does not tell what changed, or does so again, without the snapshots that it kept for that.</summary>
internal sealed record TrackStep(string Machine, bool IsOn) : SwarmStep
{
    public override string ToString() => $"track {Machine} {(IsOn ? "on" : "off")}";
}

/// <summary>A machine gets a new, empty scratch location.</summary>
internal sealed record LoseScratchStep(string Machine) : SwarmStep
{
    public override string ToString() => $"lose-scratch {Machine}";
}

/// <summary>A machine without power while nothing runs: its scratch location has what reached the disk.</summary>
internal sealed record PowerCutStep(string Machine, CrashLoss Loss) : SwarmStep
{
    public override string ToString() => $"power-cut {Machine} {Loss.ToString().ToLowerInvariant()}";
}

/// <summary>Somebody sets a machine's clock, renews its credentials, replaces its bad disks, and makes room in the vault.</summary>
internal sealed record MendStep(string Machine) : SwarmStep
{
    public override string ToString() => $"mend {Machine}";
}
