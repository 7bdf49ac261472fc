using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Prune;

/// <summary>A vault that lets something else happen before each call: what another process could do between any two.</summary>
internal sealed class InterposingVault(IVault inner, Func<int, ValueTask> before) : IVault
{
    private int _calls;

    public string DisplayName => inner.DisplayName;

    public VaultTraffic Traffic => inner.Traffic;

    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await before(_calls++);
        return await inner.CreateAsync(name, content, cancellationToken);
    }

    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        await before(_calls++);
        return await inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await before(_calls++);
        return await inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        await before(_calls++);
        return await inner.GetLengthAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await before(_calls++);
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
            await before(_calls++);
        }
    }

    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await before(_calls++);
        return await inner.DeleteAsync(name, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
