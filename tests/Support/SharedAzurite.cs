using Harness.Engine.Azure;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
using NUnit.Framework;

namespace Harness.Tests.Support;

/// <summary>
/// The one Azurite of this test assembly, started by the first test that needs it. Tests keep apart by containers.
/// Tests that use it carry [Category("Azurite")].
/// </summary>
public static class SharedAzurite
{
    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static AzuriteProcess? _azurite;
    private static int _containers;

    /// <summary>The process; installs Azurite on first use.</summary>
    public static async Task<AzuriteProcess> GetAsync()
    {
        await Starting.WaitAsync();
        try
        {
            return _azurite ??= await AzuriteProcess.StartAsync(await InstallAsync(), port: 0, CancellationToken.None);
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>The installation that this machine's user has.</summary>
    public static Task<AzuriteInstallation> InstallAsync() =>
        new AzuriteInstaller(AzuriteSettings.FromEnvironment(Environment.GetEnvironmentVariable), TestContext.Progress.WriteLine)
            .EnsureAsync(CancellationToken.None);

    /// <summary>A container that no other test has; it is not created yet.</summary>
    public static async Task<AzureVaultLocation> NewContainerAsync()
    {
        AzuriteProcess azurite = await GetAsync();
        string container = $"test-{Interlocked.Increment(ref _containers):d5}";
        return AzureVaultLocation.Parse($"{azurite.Endpoint}/{container}", out _);
    }

    /// <summary>A vault in a container of its own.</summary>
    public static async Task<IVault> NewContainerVaultAsync(AzureVaultOptions? options = null) =>
        await OpenAsync(await NewContainerAsync(), options);

    /// <summary>A vault in a container of the shared Azurite.</summary>
    public static async Task<AzureBlobVault> OpenAsync(AzureVaultLocation location, AzureVaultOptions? options = null)
    {
        AzuriteProcess azurite = await GetAsync();
        return AzureBlobVault.Open(
            location, AzureVaultCredential.FromKey(azurite.AccountKey, azurite.AccountName), options);
    }

    internal static async Task StopAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
            _azurite = null;
        }
    }
}
