using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>Opens the repository of a vault, or creates one (FORMAT.md section 3).</summary>
internal static class RepositoryOpener
{
    public static async ValueTask<Repository> OpenAsync(
        IVault vault, Passphrase passphrase, CancellationToken cancellationToken) =>
        await TryOpenAsync(vault, passphrase, new InlineWorkPool(), remembered: null, cancellationToken)
        ?? throw new BackupException(
            ErrorCode.VaultEmpty,
            $"The vault {vault.DisplayName} holds no repository.",
            "Check the vault's name, or make a first backup to it.");

    /// <summary>
    /// Null when the vault is empty. Keys are derived by <paramref name="work"/>, so that a caller can do something else meanwhile; the one
    /// that is remembered is begun at once, beside the first requests.
    /// </summary>
    public static async ValueTask<Repository?> TryOpenAsync(
        IVault vault, Passphrase passphrase, IWorkPool work, RememberedKey? remembered, CancellationToken cancellationToken)
    {
        var early = remembered is null ? null : DeriveAsync(work, passphrase, remembered.Document).AsTask();
        try
        {
            return await TryOpenAsync(vault, new Derivations(passphrase, work, remembered, early), cancellationToken);
        }
        finally
        {
            // Nothing goes on behind the caller's back.
            _ = early is null ? [] : await early;
        }
    }

    private static async ValueTask<Repository?> TryOpenAsync(IVault vault, Derivations derivations, CancellationToken cancellationToken)
    {
        byte[] blob;
        try
        {
            blob = await vault.ReadAsync(BlobNames.Repo, FormatLimits.OpenDocumentBytes, cancellationToken);
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing)
        {
            await RequireEmptyAsync(vault, cancellationToken);
            return null;
        }

        var document = RepositoryDocument.Decode(blob);
        var (master, key) = await UnwrapAsync(vault, derivations, document, Hash256.Of(blob), cancellationToken);
        return new Repository(vault, new KeyRing(master, document.RepositoryIdBytes), document, key, derivations.Remembers(key));
    }

    /// <summary>Creates the repository of a draft, or opens the one that another run has created meanwhile.</summary>
    public static async ValueTask<Repository> CreateAsync(
        IVault vault, Passphrase passphrase, RepositoryDraft draft, TimeProvider clock, CancellationToken cancellationToken)
    {
        var repo = draft.Document(clock.GetUtcNow()).Encode();
        var key = (await draft.KeyAsync(Hash256.Of(repo))).Encode();
        var keyName = BlobNames.Keys + Hash256.Of(key).ToString()[..32];
        await vault.CreateAsync(keyName, key, cancellationToken);
        if (!await vault.CreateAsync(BlobNames.Repo, repo, cancellationToken))
        {
            var winner = await vault.ReadAsync(BlobNames.Repo, FormatLimits.OpenDocumentBytes, cancellationToken);
            if (!winner.AsSpan().SequenceEqual(repo))
            {
                await vault.DeleteAsync(keyName, cancellationToken);
                return await OpenAsync(vault, passphrase, cancellationToken);
            }
        }

        // Its own key is not derived a second time.
        return new Repository(vault, draft.Keys(), RepositoryDocument.Decode(repo), key);
    }

    /// <summary>The master key, and the key document that gave it.</summary>
    private static async ValueTask<(byte[] Master, byte[] Key)> UnwrapAsync(
        IVault vault, Derivations derivations, RepositoryDocument document, Hash256 repo, CancellationToken cancellationToken)
    {
        BackupException? damage = null;
        var (intact, strangers) = (0, 0);
        await foreach (var item in vault.ListAsync(BlobNames.Keys, cancellationToken))
        {
            if (await TryReadKeyAsync(vault, item.Name, cancellationToken) is not { } blob)
            {
                continue;
            }

            if (item.Name != BlobNames.Keys + Hash256.Of(blob).ToString()[..32])
            {
                damage ??= Damage.In(item.Name, "its bytes do not hash to its name");
                continue;
            }

            KeyDocument key;
            try
            {
                key = KeyDocument.Decode(blob, item.Name);
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobDamaged)
            {
                // Whoever may create blobs may have left it: it must not lock out those whose own key is whole.
                damage ??= error;
                continue;
            }

            if (key.Repo != repo.ToString())
            {
                strangers++;
                continue;
            }

            intact++;
            var master = MasterKeyWrap.Unwrap(
                Convert.FromHexString(key.Wrapped),
                await derivations.OfAsync(blob, key),
                Convert.FromHexString(key.Nonce),
                document.RepositoryIdBytes,
                repo);
            if (master is not null)
            {
                return (master, blob);
            }
        }

        if (intact > 0)
        {
            throw new BackupException(
                ErrorCode.PassphraseWrong,
                $"The passphrase does not open the vault {vault.DisplayName}.",
                "Give the passphrase that the vault was created with. Without it nothing in the vault can be read.");
        }

        throw damage ?? (strangers > 0
            ? Damage.In(BlobNames.Repo, "no key of the vault was made for it as it stands")
            : Repository.Missing("keys/*"));
    }

    /// <summary>Null when the key is gone since it was listed: its maker lost the race to create the repository.</summary>
    private static async ValueTask<byte[]?> TryReadKeyAsync(IVault vault, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await vault.ReadAsync(name, FormatLimits.OpenDocumentBytes, cancellationToken);
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing)
        {
            return null;
        }
    }

    private static async ValueTask RequireEmptyAsync(IVault vault, CancellationToken cancellationToken)
    {
        await foreach (var item in vault.ListAsync(BlobNames.Commits, cancellationToken))
        {
            throw new BackupException(
                ErrorCode.VaultBlobMissing,
                $"The vault {vault.DisplayName} has recovery points ('{item.Name}') but its 'repo' blob is gone.",
                "Put the 'repo' blob back, or use another vault. Nothing was changed.");
        }
    }

    private static ValueTask<byte[]> DeriveAsync(IWorkPool work, Passphrase passphrase, KeyDocument key) => work.RunAsync(
        static state => MasterKeyWrap.KeyEncryptionKey(state.Passphrase, Convert.FromHexString(state.Key.Salt), state.Key.Iterations),
        (Passphrase: passphrase, Key: key));

    /// <summary>Gives the key for a key document: the one begun early if it is of the same bytes, else a new one.</summary>
    private sealed record Derivations(Passphrase Passphrase, IWorkPool Work, RememberedKey? Remembered, Task<byte[]>? Early)
    {
        public bool Remembers(byte[] blob) => Remembered is not null && Remembered.Blob.AsSpan().SequenceEqual(blob);

        public async ValueTask<byte[]> OfAsync(byte[] blob, KeyDocument key) =>
            Remembers(blob) ? await Early! : await DeriveAsync(Work, Passphrase, key);
    }
}
