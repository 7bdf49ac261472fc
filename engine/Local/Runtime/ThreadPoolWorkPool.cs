using Harness.Engine.Ports;

namespace Harness.Engine.Local.Runtime;

/// <summary>
/// Runs computation on the thread pool, at most <see cref="Width"/> pieces at once. Safe for concurrent calls.
/// </summary>
public sealed class ThreadPoolWorkPool : IWorkPool, IDisposable
{
    private readonly SemaphoreSlim _slots;

    /// <summary>Creates a pool as wide as the machine has processors.</summary>
    public ThreadPoolWorkPool()
        : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Creates a pool of a given width, 1 or more.</summary>
    public ThreadPoolWorkPool(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
        _slots = new SemaphoreSlim(width, width);
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public async ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        ArgumentNullException.ThrowIfNull(work);
        await _slots.WaitAsync();
        try
        {
            return await Task.Run(() => work(state));
        }
        finally
        {
            _ = _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();
}
