using Harness.Simulator.Faults;

namespace Harness.Scenarios.Searches.Swarm;

/// <summary>What a run of a case showed.</summary>
/// <param name="Problems">What did not hold; empty when all was well. The word before the first ':' is what kind of problem it is.</param>
/// <param name="Trace">Everything that happened, as one word.</param>
/// <param name="Fired">What went wrong, as rules that do the same again.</param>
/// <param name="Events">How often each thing happened that the engine or the world can do: what the searches cover.</param>
internal sealed record SwarmOutcome(
    IReadOnlyList<string> Problems, ulong Trace, IReadOnlyList<FaultRule> Fired, IReadOnlyDictionary<string, long> Events)
{
    /// <summary>What kind of problem the first one is; null when all was well. Shrinking keeps it.</summary>
    public string? Kind => Problems.Count == 0 ? null : Problems[0].Split(':')[0];
}
