using Harness.Engine.Ports;

namespace Harness.Simulator.Processes;

/// <summary>Computation of a process: on the thread of the simulation, some steps after it was asked for.</summary>
/// <param name="process">Whose it is.</param>
/// <param name="width">How many pieces of work are asked for at once, 1 or more.</param>
public sealed class ProcessWorkPool(SimProcess process, int width = 2) : IWorkPool
{
    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public async ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        ArgumentNullException.ThrowIfNull(work);
        await process.TurnAsync();
        var result = work(state);
        await process.TurnAsync();
        return result;
    }
}
