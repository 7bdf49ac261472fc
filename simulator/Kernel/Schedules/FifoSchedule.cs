namespace Harness.Simulator.Kernel.Schedules;

/// <summary>First come, first served: the plainest order, and the one a shrunk failure is shown in.</summary>
public sealed class FifoSchedule : ISchedule
{
    /// <inheritdoc/>
    public int Next(int ready) => 0;
}
