using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>
/// The opening of a vault, begun before it is needed: deriving its key takes longer than all else of a run that finds nothing
/// changed. Whoever begins it disposes it, and only then the vault. One logical thread.
/// </summary>
public sealed class VaultOpening : IAsyncDisposable
{
    private VaultOpening(VaultTraffic before, Task<Repository?> repository) => (Before, Repository) = (before, repository);

    /// <summary>What had been asked of the vault before.</summary>
    internal VaultTraffic Before { get; }

    /// <summary>The repository, null when the vault is empty; or why it cannot be opened.</summary>
    internal Task<Repository?> Repository { get; }

    /// <summary>Begins, all of it where the pool has its threads. What goes wrong is told to the job that it is given to.</summary>
    /// <param name="vault">The vault, as the job gets it.</param>
    /// <param name="passphrase">Opens it.</param>
    /// <param name="work">Where the key is derived.</param>
    /// <param name="scratch">The scratch location of the job, which may remember by what key the vault was opened; looked at before this returns.</param>
    /// <param name="cancellationToken">Ends what is asked of the vault.</param>
    public static async ValueTask<VaultOpening> BeginAsync(
        IVault vault, Passphrase passphrase, IWorkPool work, IScratch scratch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vault);
        ArgumentNullException.ThrowIfNull(passphrase);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(scratch);
        var remembered = await RememberedKey.TryReadAsync(scratch, cancellationToken);
        return new VaultOpening(vault.Traffic, OpenBesideAsync(vault, passphrase, work, remembered, cancellationToken));
    }

    /// <summary>Begins where the caller is; only the derivation goes to the pool.</summary>
    internal static async ValueTask<VaultOpening> BeginHereAsync(
        IVault vault, Passphrase passphrase, IWorkPool work, IScratch scratch, CancellationToken cancellationToken)
    {
        var remembered = await RememberedKey.TryReadAsync(scratch, cancellationToken);
        return new(vault.Traffic, RepositoryOpener.TryOpenAsync(vault, passphrase, work, remembered, cancellationToken).AsTask());
    }

    /// <summary>Waits for what nobody will ask about any more, so that nothing uses the vault afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Repository;
        }
        catch (Exception error) when (error is BackupException or OperationCanceledException)
        {
            // Whoever asked has been told; if nobody has, the run failed already, and with its own error.
        }
    }

    private static async Task<Repository?> OpenBesideAsync(
        IVault vault, Passphrase passphrase, IWorkPool work, RememberedKey? remembered, CancellationToken cancellationToken)
    {
        _ = await work.RunAsync(static vault => vault, vault);
        return await RepositoryOpener.TryOpenAsync(vault, passphrase, work, remembered, cancellationToken);
    }
}
