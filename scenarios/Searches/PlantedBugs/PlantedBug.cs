using Harness.Scenarios.Searches.Swarm;

namespace Harness.Scenarios.Searches.PlantedBugs;

/// <summary>
/// A mistake that backup engines are known to make, made on purpose: a search that does not find it does not see (simulator/README.md,
/// "Testing the tester"). Immutable; the state of a mistake lives in the ports that it is planted in.
/// </summary>
internal abstract class PlantedBug
{
    /// <summary>Its name, as <c>harness swarm --plant</c> takes it.</summary>
    public abstract string Name { get; }

    /// <summary>The mistake, in a sentence.</summary>
    public abstract string Mistake { get; }

    /// <summary>The claim of FAULT_MODEL.md section 5 that it breaks.</summary>
    public abstract int Claim { get; }

    /// <summary>What the oracle says of it: one of these begins a problem. Another finding is an accident.</summary>
    public abstract IReadOnlyList<string> Findings { get; }

    /// <summary>It is found within so many seeds, from any: three times the worst that was measured, or more.</summary>
    public abstract int MostSeeds { get; }

    /// <summary>The case of a seed, of the family that finds it soonest.</summary>
    public abstract SwarmCase Draw(ulong seed);

    /// <summary>The ports of one world, with the mistake in them.</summary>
    public abstract EnginePorts Plant();

    /// <summary>Whether a run of a case has found it: its first problem is of the kind that it makes.</summary>
    public bool IsFoundBy(SwarmOutcome outcome) =>
        outcome.Problems is [var first, ..] && Findings.Any(begin => first.StartsWith(begin, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A case by its words.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="tracking">How the source tells what changed.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="steps">What happens.</param>
    protected static SwarmCase Case(ulong seed, SwarmTracking tracking, IReadOnlyList<string> faults, IReadOnlyList<string> steps) => new()
    {
        Seed = seed,
        Machines = 1,
        Tracking = tracking,
        Faults = [.. faults.Select(Simulator.Faults.FaultRule.Parse)],
        Steps = [.. steps.Select(SwarmStep.Parse)],
    };
}
