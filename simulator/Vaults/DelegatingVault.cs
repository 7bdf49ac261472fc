using Harness.Engine.Ports;

namespace Harness.Simulator.Vaults;

/// <summary>A vault that hands every call on: what stands in front of one overrides only what it changes. As safe for concurrent calls as the one behind it.</summary>
/// <param name="inner">The vault behind it.</param>
public abstract class DelegatingVault(IVault inner) : IVault
{
    /// <inheritdoc/>
    public string DisplayName => inner.DisplayName;

    /// <inheritdoc/>
    public VaultTraffic Traffic => inner.Traffic;

    /// <inheritdoc/>
    public virtual ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.CreateAsync(name, content, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken) =>
        inner.ReadAsync(name, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadRangeAsync(name, offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<VaultBlob> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
