using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Simulator.Vaults;

/// <summary>
/// A vault in memory. Every call completes on the calling thread, so a run over it is deterministic. It keeps the contract of
/// <see cref="IVault"/> and shows no faults of its own but VaultFull; other faults are laid over it. Traffic is counted at the
/// port: a request a call (a listing: one per 5000 blobs), content bytes, and the names of a listing.
/// Safe for concurrent calls. Several objects may share one store.
/// </summary>
public sealed class MemoryVault : IVault
{
    private const int ListPageBlobs = 5000;

    private readonly VaultTrafficCounter _traffic = new();
    private bool _disposed;

    /// <summary>Opens a vault over a new store.</summary>
    public MemoryVault()
        : this(new MemoryVaultStore())
    {
    }

    /// <summary>Opens a vault over a store, with counters at zero.</summary>
    public MemoryVault(MemoryVaultStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
    }

    /// <summary>The blobs, for tests that look behind the port.</summary>
    public MemoryVaultStore Store { get; }

    /// <inheritdoc/>
    public string DisplayName => "memory";

    /// <inheritdoc/>
    public VaultTraffic Traffic => _traffic.Total;

    /// <inheritdoc/>
    public ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Begin(name, cancellationToken);
        _traffic.AddSent(content.Length);
        bool created = Store.TryCreate(name, content.Span);
        if (created)
        {
            _traffic.AddStored(content.Length);
        }

        return ValueTask.FromResult(created);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        Begin(name, cancellationToken);
        byte[] content = Store.Find(name) ?? throw Missing(name);
        if (content.Length > maxBytes)
        {
            throw new BackupException(
                ErrorCode.VaultBlobDamaged,
                $"Blob '{name}' in {DisplayName} has {content.Length} bytes; at most {maxBytes} were expected.");
        }

        _traffic.AddReceived(content.Length);
        return ValueTask.FromResult(content.ToArray());
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Begin(name, cancellationToken);
        byte[] content = Store.Find(name) ?? throw Missing(name);
        if (offset >= content.Length)
        {
            return ValueTask.FromResult(0);
        }

        int count = (int)Math.Min(buffer.Length, content.Length - offset);
        content.AsSpan((int)offset, count).CopyTo(buffer.Span);
        _traffic.AddReceived(count);
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        Begin(name, cancellationToken);
        return ValueTask.FromResult<long?>(Store.Find(name)?.Length);
    }

    /// <inheritdoc/>
    /// <remarks>Shows the blobs that were there when the enumeration began.</remarks>
    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName.RequirePrefix(prefix);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _traffic.AddRequest();
        int shown = 0;
        foreach (VaultBlob blob in Store.List(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (shown > 0 && shown % ListPageBlobs == 0)
            {
                _traffic.AddRequest();
            }

            shown++;
            _traffic.AddReceived(blob.Name.Length);
            yield return blob;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Begin(name, cancellationToken);
        return ValueTask.FromResult(Store.Remove(name));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    internal static BackupException Missing(string name) =>
        new(ErrorCode.VaultBlobMissing, $"Blob '{name}' is not in the memory vault.");

    private void Begin(string name, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        BlobName.Require(name);
        cancellationToken.ThrowIfCancellationRequested();
        _traffic.AddRequest();
    }
}
