using System.Collections.Concurrent;
using System.Security.Cryptography;
using Harness.Engine.Azure;
using Harness.Engine.Local.Vaults;
using Harness.Engine.Ports;
using Harness.Scenarios.Azurite;
using Harness.Simulator.Vaults;

namespace Harness.Scenarios.Vaults;

/// <summary>
/// Opens vaults by their names. <c>memory</c>, <c>simulated</c> and <c>azurite</c> give a new, empty vault each time;
/// <c>memory:NAME</c>, <c>simulated:NAME</c> and <c>azurite:CONTAINER</c> give the same one again as long as this object lives, seen by a new vault object with counters at
/// zero. One Azurite serves all; it is started by the first that needs it and stopped with this object,
/// unless <see cref="AdoptAzurite"/> named a running one. One of somebody else is reached by its URL. Safe for concurrent calls.
/// </summary>
public sealed class VaultOpener : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, MemoryVaultStore> _stores = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SimulatedVault> _volumes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly AzuriteInstaller _installer;
    private readonly Func<string, string?> _variable;
    private readonly AzureVaultOptions _azure;
    private AzuriteProcess? _azurite;
    private RunningAzurite? _adopted;

    /// <summary>Creates an opener.</summary>
    /// <param name="variable">Reads an environment variable; the composer passes the real one.</param>
    /// <param name="notify">Told when something that takes long begins; may be null.</param>
    /// <param name="azure">Options of Azure vaults, Azurite included.</param>
    public VaultOpener(
        Func<string, string?> variable, Action<string>? notify = null, AzureVaultOptions? azure = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _variable = variable;
        _installer = new AzuriteInstaller(AzuriteSettings.FromEnvironment(variable), notify);
        _azure = azure ?? new AzureVaultOptions();
    }

    /// <summary>
    /// Opens a vault. VaultNameInvalid for an unknown form; ArgumentInvalid for a credential that cannot fit; for Azurite also
    /// NodeMissing, AzuriteInstallFailed and AzuriteStartFailed. Nothing is sent to the vault yet.
    /// </summary>
    public async Task<OpenedVault> OpenAsync(string spec, CancellationToken cancellationToken)
    {
        VaultSpec parsed = VaultSpec.Parse(spec);
        IVault vault = parsed.Kind switch
        {
            VaultKind.Memory => new MemoryVault(StoreFor(parsed.Argument)),
            VaultKind.Simulated => VolumeFor(parsed.Argument).Open(),
            VaultKind.Directory => DirectoryVault.Open(parsed.Argument!),
            VaultKind.Azurite => await OpenAzuriteAsync(parsed.Argument, cancellationToken),
            _ => AzureBlobVault.Open(parsed.Location!, new VaultCredentials(_variable).For(parsed), _azure),
        };
        return new OpenedVault(parsed.ToString(), vault);
    }

    /// <summary>Installs and starts Azurite unless that has been done: lets a run pay for it before it measures.</summary>
    public async Task<AzuriteProcess> StartAzuriteAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _azurite ??= await AzuriteProcess.StartAsync(
                await _installer.EnsureAsync(cancellationToken), port: 0, cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Uses a running Azurite for <c>azurite</c> from now on; without a container name, its container <c>vault</c>.</summary>
    public void AdoptAzurite(RunningAzurite running) => _adopted = running;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _starting.Dispose();
    }

    private MemoryVaultStore StoreFor(string? name) =>
        name is null ? new MemoryVaultStore() : _stores.GetOrAdd(name, _ => new MemoryVaultStore());

    private SimulatedVault VolumeFor(string? name) =>
        name is null ? new SimulatedVault() : _volumes.GetOrAdd(name, _ => new SimulatedVault());

    private async Task<IVault> OpenAzuriteAsync(string? container, CancellationToken cancellationToken)
    {
        if (_adopted is { } running)
        {
            return AzureBlobVault.Open(
                AzureVaultLocation.Parse($"{running.Endpoint}/{container ?? "vault"}", out _),
                AzureVaultCredential.FromKey(running.AccountKey, running.AccountName),
                _azure);
        }

        AzuriteProcess azurite = await StartAzuriteAsync(cancellationToken);
        container ??= "vault-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        AzureVaultLocation location = AzureVaultLocation.Parse($"{azurite.Endpoint}/{container}", out _);
        return AzureBlobVault.Open(
            location, AzureVaultCredential.FromKey(azurite.AccountKey, azurite.AccountName), _azure);
    }
}
