using Harness.Engine.Ports;

namespace Harness.Engine.Limits;

/// <summary>
/// A vault within a bandwidth. Where the vault paces itself, it does. Any other is held back from outside: content waits before it
/// is sent, slice by slice, and is handed over when it may have come; so over a time the rate holds, and a single blob goes at once
/// when its time has passed. Safe for concurrent calls.
/// </summary>
public sealed class LimitedVault : IVault
{
    private readonly IVault _inner;
    private readonly Pacer _upload;
    private readonly Pacer _download;

    private LimitedVault(IVault inner, VaultPace pace) => (_inner, _upload, _download) = (inner, pace.Upload, pace.Download);

    /// <inheritdoc/>
    public string DisplayName => _inner.DisplayName;

    /// <inheritdoc/>
    public VaultTraffic Traffic => _inner.Traffic;

    /// <summary>The vault within limits; the vault itself where there are none.</summary>
    public static IVault Of(IVault vault, Bandwidth upload, Bandwidth download, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(download);
        if (!upload.IsLimited && !download.IsLimited)
        {
            return vault;
        }

        var pace = new VaultPace(upload, download, clock);
        if (vault is not IPacedVault paced)
        {
            return new LimitedVault(vault, pace);
        }

        paced.SetPace(pace);
        return vault;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _upload.PassSlicesAsync(content.Length, cancellationToken);
        return await _inner.CreateAsync(name, content, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        var content = await _inner.ReadAsync(name, maxBytes, cancellationToken);
        await _download.PassSlicesAsync(content.Length, cancellationToken);
        return content;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _inner.ReadRangeAsync(name, offset, buffer, cancellationToken);
        await _download.PassSlicesAsync(read, cancellationToken);
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
