using Harness.Engine.Ports;
using Harness.Tests.Support;

namespace Harness.Tests.Engine.Yielding;

/// <summary>A scratch location that really yields before each call, and is only ever called on the pump's thread.</summary>
internal sealed class YieldingScratch(IScratch inner, SingleThreadPump pump) : IScratch
{
    public async ValueTask<ScratchInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.DescribeAsync(cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.ListAsync(cancellationToken);
    }

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.GetLengthAsync(name, cancellationToken);
    }

    public async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.ReadAsync(name, offset, buffer, cancellationToken);
    }

    public async ValueTask AppendAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await HopAsync();
        await inner.AppendAsync(name, content, cancellationToken);
    }

    public async ValueTask FlushAsync(string name, CancellationToken cancellationToken)
    {
        await HopAsync();
        await inner.FlushAsync(name, cancellationToken);
    }

    public async ValueTask RenameAsync(string from, string to, CancellationToken cancellationToken)
    {
        await HopAsync();
        await inner.RenameAsync(from, to, cancellationToken);
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await HopAsync();
        await inner.DeleteAsync(name, cancellationToken);
    }

    private async ValueTask HopAsync()
    {
        pump.RequireOwnThread();
        await Task.Yield();
        pump.RequireOwnThread();
    }
}
