namespace Harness.Simulator.Kernel;

/// <summary>What a simulation may use before it is stopped as one that does not end. All are more than 0.</summary>
public sealed record SimulationLimits
{
    /// <summary>Pieces of work that may run.</summary>
    public long Steps { get; init; } = 10_000_000;

    /// <summary>Simulated time that may pass.</summary>
    public TimeSpan SimulatedTime { get; init; } = TimeSpan.FromDays(20 * 366);

    /// <summary>Real time that may pass; looked at every <see cref="Simulation.StepsBetweenLooks"/> steps.</summary>
    public TimeSpan RealTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of live and dead objects that the process may hold, other simulations of the process included; looked at as real time is.</summary>
    public long MemoryBytes { get; init; } = 4L << 30;
}
