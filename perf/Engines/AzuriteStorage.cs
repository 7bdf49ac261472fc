using Harness.Engine.Azure;
using Harness.Engine.Errors;

namespace Harness.Perf.Engines;

/// <summary>A repository in a container of a local Azurite, a new one for each tool and round.</summary>
/// <param name="server">The Azurite.</param>
/// <param name="address">What the tool writes for a container, given its name.</param>
/// <param name="environment">What the tool needs to get there.</param>
internal sealed class AzuriteStorage(
    AzuriteServer server, Func<string, string> address, IReadOnlyDictionary<string, string> environment) : IToolStorage
{
    private string _container = "";

    public string Address => address(_container);

    public IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>For ours, as its vault.</summary>
    public static AzuriteStorage ForHarness(AzuriteServer server) => new(
        server,
        container => $"{server.Endpoint}/{container}",
        new Dictionary<string, string> { ["AZURE_STORAGE_CONNECTION_STRING"] = server.ConnectionString });

    /// <summary>
    /// For restic, through rclone: a remote made of environment variables, so that no configuration file is touched. It gets
    /// a signature: with a key, rclone makes the account a part of the host's name.
    /// </summary>
    public static AzuriteStorage ForRestic(AzuriteServer server) => new(
        server,
        container => $"rclone:azurite:{container}",
        new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_AZURITE_TYPE"] = "azureblob",
            ["RCLONE_CONFIG_AZURITE_SAS_URL"] = $"{server.Endpoint}/?{server.Sign()}",
        });

    public void Begin(string home, string name) => _container = name;

    /// <summary>The content of all blobs, which a listing tells.</summary>
    public long? StoredBytes() => StoredBytesAsync().GetAwaiter().GetResult();

    private async Task<long> StoredBytesAsync()
    {
        var location = AzureVaultLocation.Parse($"{server.Endpoint}/{_container}", out _);
        await using var vault = AzureBlobVault.Open(
            location, AzureVaultCredential.FromKey(server.Key, server.Account), new AzureVaultOptions());
        long bytes = 0;
        try
        {
            await foreach (var blob in vault.ListAsync("", CancellationToken.None))
            {
                bytes += blob.LengthBytes;
            }
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultEmpty)
        {
            // A tool makes its container with its first write.
        }

        return bytes;
    }
}
