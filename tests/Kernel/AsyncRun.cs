using Harness.Simulator.Kernel;

namespace Harness.Tests.Kernel;

/// <summary>One call on a simulation, and the threads on which it was seen.</summary>
public sealed class AsyncRun(Simulation simulation) : IAsyncDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _elsewhere;

    public Simulation Simulation => simulation;

    /// <summary>A stream of 1,000 bytes that yields at every call.</summary>
    public Stream Stream => Hopping;

    /// <summary>Whether anything ran on another thread than that of the simulation.</summary>
    public bool SeenElsewhere => _elsewhere || Hopping.Threads.Any(thread => thread != _thread);

    private HoppingStream Hopping { get; } = new(1000);

    /// <summary>Looks on which thread this is called.</summary>
    public void Look() => _elsewhere |= Environment.CurrentManagedThreadId != _thread;

    public async Task HopAsync()
    {
        Look();
        await Task.Yield();
        Look();
    }

    public async IAsyncEnumerable<int> ItemsAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await HopAsync();
            yield return i;
        }
    }

    public async ValueTask DisposeAsync() => await HopAsync();
}
