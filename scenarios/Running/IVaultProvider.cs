using Harness.Engine.Ports;

namespace Harness.Scenarios.Running;

/// <summary>
/// Makes fresh vaults of one kind for a whole run: what is costly (an Azurite process) starts once and
/// ends on dispose. Safe for concurrent calls.
/// </summary>
public interface IVaultProvider : IAsyncDisposable
{
    /// <summary>Starts what is costly, once, before the first cell; a BackupException says why the vault cannot be used.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>An empty vault that no other cell sees. The key is unique within the run and any text.</summary>
    ValueTask<IVault> OpenFreshAsync(string key, CancellationToken cancellationToken);
}
