using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Harness.Engine.Azure.Wire;
using Harness.Engine.Errors;
using Harness.Engine.Limits;
using Harness.Engine.Ports;

namespace Harness.Engine.Azure;

/// <summary>
/// A vault in one container of Azure Blob storage. A blob is created by one Put Blob with If-None-Match:* and Content-MD5, so
/// it is there whole or not at all and damage on the way is refused; its length is checked against Content-Length on reading.
/// Transient faults are retried by the SDK within <see cref="AzureVaultOptions.CallTimeout"/>. When an acknowledgement is
/// lost, the retry meets the blob that it has written itself: then CreateAsync returns false, and DeleteAsync too.
/// A missing container reads as an empty vault and is made by the first creation, unless the options forbid it.
/// Traffic is counted on the wire: bytes at the socket (below TLS), requests per try. Safe for concurrent calls.
/// </summary>
public sealed class AzureBlobVault : IPacedVault
{
    private const int ListPageBlobs = 5000;
    private const int MaxTransitTries = 3;

    /// <summary>The SDK hashes a body before it first waits, 25 ms for a pack: of so many bytes not on the caller's thread.</summary>
    private const int HashedBesideBytes = 64 << 10;

    private readonly VaultTrafficCounter _traffic = new();
    private readonly WirePace _pace = new();
    private readonly AzureVaultLocation _location;
    private readonly AzureVaultOptions _options;
    private readonly string _credentialKind;
    private readonly HttpClient _http;
    private readonly BlobContainerClient _container;

    private AzureBlobVault(AzureVaultLocation location, AzureVaultCredential credential, AzureVaultOptions options)
    {
        _location = location;
        _options = options;
        _credentialKind = credential.Kind;
        _http = WireClient.Create(location.Service, options, _traffic, _pace);
        _container = OpenContainer(location, credential, ClientOptions(options, _http, _pace));
    }

    /// <inheritdoc/>
    public string DisplayName => _location.DisplayName;

    /// <inheritdoc/>
    public VaultTraffic Traffic => _traffic.Total;

    /// <summary>
    /// Opens the vault; sends nothing yet. ArgumentInvalid when the credential cannot belong to the location.
    /// </summary>
    public static AzureBlobVault Open(
        AzureVaultLocation location, AzureVaultCredential credential, AzureVaultOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.Account is { } account && account != location.Account)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"The {credential.Kind} is for account '{account}', but the vault is {location}.",
                "Correct the vault's name or the connection string.");
        }

        if (credential.Token is not null && location.Service.Scheme != Uri.UriSchemeHttps)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"No credential was given for vault {location}, and Azure credentials are never sent over plain http.",
                "Set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY, or use https.");
        }

        return new AzureBlobVault(location, credential, options ?? new AzureVaultOptions());
    }

    /// <inheritdoc/>
    /// <remarks>Counts below TLS, so of headers, listings and retries too.</remarks>
    public void SetPace(VaultPace pace) => _pace.Pace = pace;

    /// <inheritdoc/>
    public async ValueTask<bool> CreateAsync(
        string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        Task<bool> Call() => CallAsync(name, AccessRights.Create, content.Length, token => PutAsync(name, content, token), cancellationToken).AsTask();
        bool created = await (content.Length < HashedBesideBytes ? Call() : Task.Run(Call, cancellationToken));
        if (created)
        {
            _traffic.AddStored(content.Length);
        }

        return created;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadAsync(string name, int maxBytes, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        return await CallAsync(
            name,
            AccessRights.Read,
            maxBytes,
            async token =>
            {
                using BlobDownloadStreamingResult blob = await _container.GetBlobClient(name).DownloadStreamingAsync(null, token);
                long length = blob.Details.ContentLength;
                if (length > maxBytes)
                {
                    throw new BackupException(
                        ErrorCode.VaultBlobDamaged,
                        $"Blob '{name}' in {DisplayName} has {length} bytes; at most {maxBytes} were expected.");
                }

                byte[] content = new byte[length];
                await FillAsync(blob.Content, content, name, token);
                return content;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        BlobName.Require(name);
        if (buffer.IsEmpty)
        {
            return await GetLengthAsync(name, cancellationToken) is null ? throw Missing(name) : 0;
        }

        return await CallAsync(name, AccessRights.Read, buffer.Length, token => GetRangeAsync(name, offset, buffer, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long?> GetLengthAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        return await CallAsync<long?>(
            name,
            AccessRights.Read,
            0,
            async token =>
            {
                try
                {
                    BlobProperties properties = await _container.GetBlobClient(name).GetPropertiesAsync(null, token);
                    return properties.ContentLength;
                }
                catch (RequestFailedException error) when (IsAbsent(error))
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<VaultBlob> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName.RequirePrefix(prefix);
        string? continuation = null;
        string last = string.Empty;
        do
        {
            string? from = continuation;
            Page<BlobItem>? page = await CallAsync($"{prefix}*", AccessRights.List, 0, token => GetPageAsync(prefix, from, token), cancellationToken);
            foreach (BlobItem item in page?.Values ?? [])
            {
                if (string.CompareOrdinal(last, item.Name) >= 0)
                {
                    throw new BackupException(
                        ErrorCode.PlatformUnsupported,
                        $"Vault {DisplayName} lists '{item.Name}' after '{last}', which is not the order of a flat namespace.",
                        "Use an account without hierarchical namespace.");
                }

                last = item.Name;
                yield return new VaultBlob(item.Name, item.Properties.ContentLength ?? 0);
            }

            continuation = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobName.Require(name);
        return await CallAsync(
            name,
            AccessRights.Delete,
            0,
            async token =>
            {
                try
                {
                    await _container.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.None, null, token);
                    return true;
                }
                catch (RequestFailedException error) when (IsAbsent(error))
                {
                    return false;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static BlobClientOptions ClientOptions(AzureVaultOptions options, HttpClient http, WirePace pace)
    {
        BlobClientOptions client = new()
        {
            Transport = new HttpClientTransport(http),
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                NetworkTimeout = options.TryTimeout,
            },
            Diagnostics =
            {
                IsLoggingEnabled = false,
                IsTelemetryEnabled = false,
                IsDistributedTracingEnabled = false,
            },
        };
        client.AddPolicy(new TryTimeoutPolicy(options, pace), HttpPipelinePosition.PerCall);
        return client;
    }

    private static BlobContainerClient OpenContainer(
        AzureVaultLocation location, AzureVaultCredential credential, BlobClientOptions options)
    {
        Uri container = new(location.DisplayName);
        return credential switch
        {
            { Key: { } key } => new(container, new StorageSharedKeyCredential(location.Account, key), options),
            { Sas: { } sas } => new(container, new AzureSasCredential(sas), options),
            _ => new(container, credential.Token!, options),
        };
    }

    private async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = _container.GetBlockBlobClient(name);
        for (bool retried = false; ; retried = true)
        {
            BlobUploadOptions upload = new()
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
                // Beyond the size given here the SDK stages blocks under fixed ids, and two creators would mix theirs.
                TransferOptions = new StorageTransferOptions { InitialTransferSize = content.Length + 1L },
            };
            try
            {
                await using MemoryStream body = ToStream(content);
                await blob.UploadAsync(body, upload, cancellationToken);
                return true;
            }
            catch (RequestFailedException error)
                when (error.Status == 409 && AzureVaultErrors.Is(error, BlobErrorCode.BlobAlreadyExists))
            {
                return false;
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.AuthorizationPermissionMismatch)
            {
                // Who may create and not write is refused in this way where a blob is there already.
                if (!await AccessRights.SeesAsync(blob, cancellationToken))
                {
                    throw;
                }

                return false;
            }
            catch (RequestFailedException error)
                when (AzureVaultErrors.IsContainerMissing(error) && _options.CreateContainer && !retried)
            {
                await _container.CreateIfNotExistsAsync(PublicAccessType.None, null, null, cancellationToken);
            }
        }
    }

    private async Task<int> GetRangeAsync(
        string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        BlobDownloadOptions options = new() { Range = new HttpRange(offset, buffer.Length) };
        try
        {
            using BlobDownloadStreamingResult blob =
                await _container.GetBlobClient(name).DownloadStreamingAsync(options, cancellationToken);
            long length = blob.Details.ContentLength;
            if (length > buffer.Length)
            {
                throw new BackupException(
                    ErrorCode.VaultUnreachable,
                    $"Vault {DisplayName} answered {length} bytes of '{name}' where {buffer.Length} were asked for.",
                    "Check proxies between here and the vault.");
            }

            await FillAsync(blob.Content, buffer[..(int)length], name, cancellationToken);
            return (int)length;
        }
        catch (RequestFailedException error) when (error.Status == 416)
        {
            return 0;
        }
    }

    private async Task<Page<BlobItem>?> GetPageAsync(
        string prefix, string? continuation, CancellationToken cancellationToken)
    {
        AsyncPageable<BlobItem> blobs = _container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, prefix.Length == 0 ? null : prefix, cancellationToken);
        try
        {
            await foreach (Page<BlobItem> page in blobs.AsPages(continuation, ListPageBlobs))
            {
                return page;
            }
        }
        catch (RequestFailedException error) when (AzureVaultErrors.IsContainerMissing(error) && _options.CreateContainer)
        {
            return null;
        }

        return null;
    }

    /// <summary>Reads exactly the announced bytes; a handler below may end a body early without an error.</summary>
    private static async Task FillAsync(Stream body, Memory<byte> buffer, string name, CancellationToken cancellationToken)
    {
        int read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (read != buffer.Length)
        {
            throw new TruncatedBodyException($"the body of '{name}'", buffer.Length, read);
        }
    }

    /// <summary>Bounds the time of one call, repeats it when data was damaged on the way, and translates its errors.</summary>
    private async ValueTask<T> CallAsync<T>(
        string what, string right, long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        // One id for all tries: a server's log shows what belonged together, and faults on the wire hit a call and not a try.
        using IDisposable tries = HttpPipeline.CreateClientRequestIdScope(Guid.NewGuid().ToString());
        using CancellationTokenSource timeout = new(_options.CallTimeoutFor(bytes) + _pace.SlackFor(bytes), _options.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call(either.Token);
            }
            catch (Exception error) when (AzureVaultErrors.IsTransitDamage(error) && attempt < MaxTransitTries)
            {
                // The same call again: it is idempotent, and the number of tries is bounded.
            }
            catch (RequestFailedException error) when (IsAbsent(error))
            {
                throw Missing(what);
            }
            catch (Exception error) when (AzureVaultErrors.IsVaultError(error))
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw AzureVaultErrors.Translate(error, $"'{what}'", right, _location, _credentialKind);
            }
        }
    }

    private bool IsAbsent(RequestFailedException error) => AzureVaultErrors.IsBlobMissing(error)
        || (AzureVaultErrors.IsContainerMissing(error) && _options.CreateContainer);

    private BackupException Missing(string name) =>
        new(ErrorCode.VaultBlobMissing, $"Blob '{name}' is not in {DisplayName}.");

    private static MemoryStream ToStream(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
}
