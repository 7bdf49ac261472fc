using System.Runtime.CompilerServices;
using Harness.Engine.Ports;
using Harness.Simulator.Vaults;

namespace Harness.Tests.Engine.Faults;

/// <summary>Counts at the port what goes to a vault, apart from what the vault itself counts.</summary>
internal sealed class CountingVault(IVault inner) : DelegatingVault(inner)
{
    public long Requests { get; private set; }

    public long SentBytes { get; private set; }

    public long StoredBytes { get; private set; }

    public override async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Requests++;
        SentBytes += content.Length;
        var created = await base.CreateAsync(name, content, cancellationToken);
        StoredBytes += created ? content.Length : 0;
        return created;
    }

    public override ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        Requests++;
        return base.ReadAsync(name, maxBytes, cancellationToken);
    }

    public override ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Requests++;
        return base.ReadRangeAsync(name, offset, buffer, cancellationToken);
    }

    public override ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Requests++;
        return base.GetLengthAsync(name, cancellationToken);
    }

    public override async IAsyncEnumerable<VaultBlob> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests++;
        await foreach (var blob in base.ListAsync(prefix, cancellationToken))
        {
            yield return blob;
        }
    }

    public override ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Requests++;
        return base.DeleteAsync(name, cancellationToken);
    }
}
