using System.Runtime.CompilerServices;
using Harness.Engine.Ports;

namespace Harness.Tests.Engine.Faults;

/// <summary>Counts at the port what goes to a vault, apart from what the vault itself counts.</summary>
internal sealed class CountingVault(IVault inner) : IVault
{
    public long Requests { get; private set; }

    public long SentBytes { get; private set; }

    public long StoredBytes { get; private set; }

    public string DisplayName => inner.DisplayName;

    public VaultTraffic Traffic => inner.Traffic;

    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Requests++;
        SentBytes += content.Length;
        var created = await inner.CreateAsync(name, content, cancellationToken);
        StoredBytes += created ? content.Length : 0;
        return created;
    }

    public ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.GetLengthAsync(name, cancellationToken);
    }

    public async IAsyncEnumerable<VaultBlob> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests++;
        await foreach (var blob in inner.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }
    }

    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.DeleteAsync(name, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
