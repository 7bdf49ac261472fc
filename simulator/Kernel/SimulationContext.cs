namespace Harness.Simulator.Kernel;

/// <summary>Brings continuations back to the thread of a simulation.</summary>
internal sealed class SimulationContext(Simulation simulation) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => simulation.Enqueue(d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A synchronous call would block the only thread of the simulation.");

    public override SynchronizationContext CreateCopy() => this;
}
