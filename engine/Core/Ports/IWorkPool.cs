namespace Harness.Engine.Ports;

/// <summary>
/// Where pure computation on memory runs (hash, compress, encrypt). In production a bounded set of threads, in a simulation
/// the pump itself. Work never shares mutable state with other work and touches no port but an <see cref="IPositionedReader"/>.
/// </summary>
public interface IWorkPool
{
    /// <summary>How many pieces of work make progress at once, 1 or more.</summary>
    int Width { get; }

    /// <summary>Runs a function of its argument.</summary>
    ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state);
}
