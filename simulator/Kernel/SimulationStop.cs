namespace Harness.Simulator.Kernel;

/// <summary>Why a simulation was stopped before its work ended.</summary>
public enum SimulationStop
{
    /// <summary>Nothing is ready, no timer is due, and the work is not done: it waits for what will never come.</summary>
    Stuck,

    /// <summary>Work left the thread of the simulation, so that nothing about the run can be repeated.</summary>
    Escaped,

    /// <summary>More steps than <see cref="SimulationLimits.Steps"/>.</summary>
    Steps,

    /// <summary>More simulated time than <see cref="SimulationLimits.SimulatedTime"/>.</summary>
    SimulatedTime,

    /// <summary>More real time than <see cref="SimulationLimits.RealTime"/>.</summary>
    RealTime,

    /// <summary>More memory than <see cref="SimulationLimits.MemoryBytes"/>.</summary>
    Memory,
}
