using System.Runtime.CompilerServices;
using Harness.Engine.Ports;
using Harness.Tests.Support;

namespace Harness.Tests.Engine.Yielding;

/// <summary>A vault that really yields before and after each call, and is only ever called on the pump's thread.</summary>
internal sealed class YieldingVault(IVault inner, SingleThreadPump pump) : IVault
{
    public string DisplayName => inner.DisplayName;

    public VaultTraffic Traffic => inner.Traffic;

    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await HopAsync();
        var created = await inner.CreateAsync(name, content, cancellationToken);
        await HopAsync();
        return created;
    }

    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.GetLengthAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await HopAsync();
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
            await HopAsync();
        }
    }

    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await HopAsync();
        return await inner.DeleteAsync(name, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask HopAsync()
    {
        pump.RequireOwnThread();
        await Task.Yield();
        pump.RequireOwnThread();
    }
}
