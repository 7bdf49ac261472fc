using Harness.Simulator.Content;

namespace Harness.Simulator.Kernel.Schedules;

/// <summary>An order drawn from a seed, each ready piece of work as likely as another.</summary>
/// <param name="seed">The same seed draws the same order for the same work.</param>
public sealed class SeededSchedule(ulong seed) : ISchedule
{
    private readonly SeededSequence _order = new(Mix.Of(seed, "schedule"));

    /// <inheritdoc/>
    public int Next(int ready) => _order.Below(ready);
}
