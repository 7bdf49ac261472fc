using Harness.Engine.Ports;
using Harness.Tests.Support;

namespace Harness.Tests.Engine.Yielding;

/// <summary>Runs work on the pump's thread, some steps after it was asked for.</summary>
internal sealed class YieldingWorkPool(SingleThreadPump pump, int width) : IWorkPool
{
    public int Width => width;

    public async ValueTask<TResult> RunAsync<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        pump.RequireOwnThread();
        await Task.Yield();
        pump.RequireOwnThread();
        var result = work(state);
        await Task.Yield();
        pump.RequireOwnThread();
        return result;
    }
}
