using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads index blobs.</summary>
internal sealed class IndexReader(Repository repository)
{
    private const int Tries = 8;

    /// <summary>The packs that an index blob names.</summary>
    public async ValueTask<IReadOnlyList<IndexedPack>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Index, IndexDocument.Context, name, HashOf(name), cancellationToken);
        return IndexDocument.Decode(plaintext, name);
    }

    /// <summary>
    /// Every index blob of the vault by name, with the packs that it names; one is in memory at a time. Where one is gone since it
    /// was listed they are listed again: others name its packs, and were there before it went.
    /// </summary>
    /// <param name="unreadable">Told of one that cannot be read, which is left out; null throws.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<(string Name, IReadOnlyList<IndexedPack> Packs)> ReadAllAsync(
        Action<string, BackupException>? unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = new HashSet<string>(StringComparer.Ordinal);
        var isGone = true;
        for (var left = Tries; isGone; left--)
        {
            isGone = false;
            await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
            {
                if (read.Contains(item.Name))
                {
                    continue;
                }

                IReadOnlyList<IndexedPack>? packs = null;
                try
                {
                    packs = await ReadAsync(item.Name, cancellationToken);
                }
                catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing && left > 0)
                {
                    isGone = true;
                    continue;
                }
                catch (BackupException error) when (unreadable is not null
                    && error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
                {
                    unreadable(item.Name, error);
                }

                read.Add(item.Name);
                if (packs is not null)
                {
                    yield return (item.Name, packs);
                }
            }
        }
    }

    /// <summary>The hash that an index blob is named by.</summary>
    public static Hash256 HashOf(string name) =>
        Hash256.Parse(name[BlobNames.Indexes.Length..]) ?? throw Damage.In(name, "its name is no hash");
}
