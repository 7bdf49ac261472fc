using System.Runtime.CompilerServices;

namespace Harness.Simulator.Kernel;

/// <summary>
/// What is awaited to let whatever else is ready go first, as the schedule will have it. It allocates nothing: a port call has two of
/// them. Await it at once and once, on the thread of the simulation.
/// </summary>
public readonly struct SimulationTurn : ICriticalNotifyCompletion, IEquatable<SimulationTurn>
{
    private readonly Simulation _simulation;
    private readonly IWorkOwner? _owner;

    internal SimulationTurn(Simulation simulation, IWorkOwner? owner) => (_simulation, _owner) = (simulation, owner);

    /// <summary>The same turn.</summary>
    public static bool operator ==(SimulationTurn left, SimulationTurn right) => left.Equals(right);

    /// <summary>Another turn.</summary>
    public static bool operator !=(SimulationTurn left, SimulationTurn right) => !left.Equals(right);

    /// <summary>Never: the others come first.</summary>
    public bool IsCompleted => false;

    /// <summary>For the compiler.</summary>
    public SimulationTurn GetAwaiter() => this;

    /// <summary>Fails when the work has come back on another thread.</summary>
    public void GetResult() => _simulation.RequireOwnThread();

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (_owner is not { IsGone: true })
        {
            _simulation.Enqueue(continuation, _owner);
        }
    }

    /// <inheritdoc/>
    public bool Equals(SimulationTurn other) => ReferenceEquals(_simulation, other._simulation) && ReferenceEquals(_owner, other._owner);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SimulationTurn other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_simulation, _owner);
}
