namespace Harness.Engine.Ports;

/// <summary>Runs each piece of work at once on the calling thread: for simulations and tests.</summary>
public sealed class InlineWorkPool : IWorkPool
{
    /// <inheritdoc/>
    public int Width => 1;

    /// <inheritdoc/>
    public ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        ArgumentNullException.ThrowIfNull(work);
        return ValueTask.FromResult(work(state));
    }
}
