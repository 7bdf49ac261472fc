using Harness.Engine.Ports;

namespace Harness.Engine.Limits;

/// <summary>
/// A vault that sends and receives the content of blobs no faster than a bandwidth allows. Content waits before it is sent, and is
/// handed over when it may have come; requests themselves and retries below are not held back, so over a time the rate holds and
/// a single blob, at most a pack, goes as fast as the line. Safe for concurrent calls.
/// </summary>
public sealed class LimitedVault : IVault
{
    private readonly IVault _inner;
    private readonly Pacer _upload;
    private readonly Pacer _download;

    private LimitedVault(IVault inner, Bandwidth upload, Bandwidth download, TimeProvider clock)
    {
        _inner = inner;
        _upload = new Pacer(upload, clock);
        _download = new Pacer(download, clock);
    }

    /// <inheritdoc/>
    public string DisplayName => _inner.DisplayName;

    /// <inheritdoc/>
    public VaultTraffic Traffic => _inner.Traffic;

    /// <summary>The vault within limits; the vault itself where there are none.</summary>
    public static IVault Of(IVault vault, Bandwidth upload, Bandwidth download, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(download);
        return upload.IsLimited || download.IsLimited ? new LimitedVault(vault, upload, download, clock) : vault;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _upload.PassAsync(content.Length, cancellationToken);
        return await _inner.CreateAsync(name, content, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        var content = await _inner.ReadAsync(name, maxBytes, cancellationToken);
        await _download.PassAsync(content.Length, cancellationToken);
        return content;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
        await _download.PassAsync(read, cancellationToken);
        return read;
    }

    /// <inheritdoc/>
    public ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken) =>
        _inner.GetLengthAsync(name, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VaultBlob> ListAsync(string prefix, CancellationToken cancellationToken) =>
        _inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        _inner.DeleteAsync(name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
