using System.Security.Cryptography;
using System.Text;
using Harness.Engine.Errors;
using Harness.Engine.Ports;
using Harness.Scenarios.Vaults;

namespace Harness.Scenarios.Running;

/// <summary>
/// Vaults for cells by the names that --vault takes: memory; simulated, a directory on a volume for each cell; azurite, one process for the run and a container for each
/// cell; dir:PATH, a new directory for each cell. A container somewhere else cannot be empty for each cell, so it is refused.
/// </summary>
public sealed class OpenerVaultProvider : IVaultProvider
{
    private readonly VaultOpener _opener;
    private readonly VaultSpec _spec;
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Takes a name; VaultNameInvalid for an unknown form, ArgumentInvalid for one that cannot be fresh.</summary>
    /// <param name="name">The name.</param>
    /// <param name="opener">Opens vaults; disposed by its owner.</param>
    public OpenerVaultProvider(string name, VaultOpener opener)
    {
        _opener = opener;
        _spec = VaultSpec.Parse(name);
        if (_spec.Kind == VaultKind.Azure || (_spec.Kind != VaultKind.Directory && _spec.Argument is not null))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"Scenarios cannot run on the vault '{_spec}': each cell needs an empty vault of its own.",
                "Run them on memory, simulated, azurite or dir:PATH.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_spec.Kind == VaultKind.Azurite)
        {
            await _opener.StartAzuriteAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IVault> OpenFreshAsync(string key, CancellationToken cancellationToken)
    {
        var spec = _spec.Kind == VaultKind.Directory
            ? $"dir:{Path.Combine(_spec.Argument!, $"{_run}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}")}"
            : _spec.ToString();
        return (await _opener.OpenAsync(spec, cancellationToken)).Vault;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
