using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>
/// One disaster, written down: everything that a run of it depends on. Two runs of one case are the same, call by call.
/// </summary>
internal sealed record SwarmCase
{
    /// <summary>Seed of all randomness that is left: names in the vault, the schedule, what a crash keeps.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Machines, each with a data source in the one vault.</summary>
    public required int Machines { get; init; }

    /// <summary>How the sources tell what changed.</summary>
    public required SwarmTracking Tracking { get; init; }

    /// <summary>Ready work goes first in, first out; otherwise as the seed says.</summary>
    public bool IsFifo { get; init; }

    /// <summary>What happens.</summary>
    public required IReadOnlyList<SwarmStep> Steps { get; init; }

    /// <summary>What goes wrong; null while it is drawn from the seed.</summary>
    public IReadOnlyList<FaultRule>? Faults { get; init; }

    /// <summary>Chance of a fault at a call, in millionths, where faults are drawn.</summary>
    public int FaultsPerMillion { get; init; }
}

/// <summary>How a source of a case tells what changed.</summary>
internal enum SwarmTracking
{
    /// <summary>Not at all: everything is read.</summary>
    None,

    /// <summary>Its blocks, from two snapshots.</summary>
    Snapshots,

    /// <summary>Its files, from the change journal.</summary>
    Journal,

    /// <summary>Its files and where in them, from the change journal.</summary>
    Ranges,
}
