using Harness.Engine.Ports;
using Harness.Tests.Engine.Faults;

namespace Harness.Tests.Engine.Prune;

/// <summary>A vault that lets something else happen before each call: what another process could do between any two.</summary>
internal sealed class InterposingVault(IVault inner, Func<VaultCall, ValueTask> before) : IVault
{
    private int _calls;

    /// <summary>For whom the number of the call is enough.</summary>
    public InterposingVault(IVault inner, Func<int, ValueTask> before)
        : this(inner, call => before(call.Number))
    {
    }

    public string DisplayName => inner.DisplayName;

    public VaultTraffic Traffic => inner.Traffic;

    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeforeAsync("create", name);
        return await inner.CreateAsync(name, content, cancellationToken);
    }

    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        await BeforeAsync("read", name);
        return await inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await BeforeAsync("read-range", name);
        return await inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        await BeforeAsync("length", name);
        return await inner.GetLengthAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeforeAsync("list", prefix);
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
            await BeforeAsync("list-more", prefix);
        }
    }

    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await BeforeAsync("delete", name);
        return await inner.DeleteAsync(name, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private ValueTask BeforeAsync(string operation, string name) => before(new VaultCall(operation, name, _calls++));
}
