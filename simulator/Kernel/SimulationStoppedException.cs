namespace Harness.Simulator.Kernel;

/// <summary>A simulation was stopped: its work is abandoned where it stood.</summary>
/// <param name="reason">Why.</param>
/// <param name="steps">Steps run.</param>
/// <param name="waiting">What was begun and had not ended, oldest first.</param>
/// <param name="detail">More about the reason.</param>
public sealed class SimulationStoppedException(SimulationStop reason, long steps, IReadOnlyList<string> waiting, string detail)
    : Exception($"{detail} ({reason} after {steps} steps). "
        + (waiting.Count == 0 ? "No operation of a port is under way." : $"Under way: {string.Join("; ", waiting)}."))
{
    /// <summary>Why.</summary>
    public SimulationStop Reason => reason;

    /// <summary>Operations of ports that were begun and had not ended, oldest first.</summary>
    public IReadOnlyList<string> Waiting => waiting;
}
