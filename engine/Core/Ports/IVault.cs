namespace Harness.Engine.Ports;

/// <summary>
/// The few blob operations that the engine needs. Strongly consistent: what was acknowledged is seen by every later call.
/// Blob names are relative, <c>[a-z0-9/._-]</c>, at most 256 characters. Safe for concurrent calls. Errors are
/// <see cref="Errors.BackupException"/> with VaultUnreachable, VaultAccessDenied, VaultFull or VaultBlobMissing; transient
/// faults have been retried before that.
/// </summary>
public interface IVault : IAsyncDisposable
{
    /// <summary>The vault for people; never holds a credential.</summary>
    string DisplayName { get; }

    /// <summary>What has gone over the wire since this object was made.</summary>
    VaultTraffic Traffic { get; }

    /// <summary>
    /// Creates a blob if there is none (If-None-Match: *). Returns false, and changes nothing, when one exists; after a lost
    /// acknowledgement that may be the caller's own.
    /// </summary>
    ValueTask<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a whole blob of at most <paramref name="maxBytes"/>; VaultBlobMissing when absent, VaultBlobDamaged when larger.
    /// </summary>
    ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Reads into the buffer from an offset; returns the bytes read, fewer only at the end of the blob.</summary>
    ValueTask<int> ReadRangeAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>The length of a blob, or null when absent.</summary>
    ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the blobs whose name starts with the prefix, in ordinal order.</summary>
    IAsyncEnumerable<VaultBlob> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; false when there was none.</summary>
    ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>One blob of a listing.</summary>
/// <param name="Name">Full name within the vault.</param>
/// <param name="LengthBytes">Length in bytes.</param>
public readonly record struct VaultBlob(string Name, long LengthBytes);

/// <summary>
/// Traffic of one vault object: counted below the engine, for Azure at the socket and in the HTTP pipeline, for local vaults
/// at the port. Every try counts, retries included.
/// </summary>
/// <param name="Requests">Requests sent.</param>
/// <param name="SentBytes">Bytes sent, headers included where there are any.</param>
/// <param name="ReceivedBytes">Bytes received.</param>
/// <param name="StoredBytes">Content bytes of blobs created.</param>
public readonly record struct VaultTraffic(long Requests, long SentBytes, long ReceivedBytes, long StoredBytes)
{
    /// <summary>What was added since an earlier reading.</summary>
    public VaultTraffic Since(VaultTraffic earlier) => new(
        Requests - earlier.Requests,
        SentBytes - earlier.SentBytes,
        ReceivedBytes - earlier.ReceivedBytes,
        StoredBytes - earlier.StoredBytes);
}
