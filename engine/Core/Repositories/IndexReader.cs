using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>Reads every index blob of a vault, from the scratch location where a copy is kept.</summary>
internal sealed class IndexReader(Repository repository, IScratch? scratch)
{
    private const string CachePrefix = "index-";
    private const int Tries = 8;

    /// <summary>Every index blob of the vault that can be read: for readers, who find the packs of the others otherwise.</summary>
    public ValueTask<SegmentIndex> ReadIntactAsync(CancellationToken cancellationToken) =>
        ReadAllAsync(unusablePacks: null, passOverDamage: true, cancellationToken);

    /// <summary>Every index blob of the vault, given the packs that a writer must not rely on.</summary>
    public ValueTask<SegmentIndex> ReadAllAsync(
        IReadOnlySet<Hash256>? unusablePacks, CancellationToken cancellationToken) =>
        ReadAllAsync(unusablePacks, passOverDamage: false, cancellationToken);

    private async ValueTask<SegmentIndex> ReadAllAsync(
        IReadOnlySet<Hash256>? unusablePacks, bool passOverDamage, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                var index = new SegmentIndex(unusablePacks);
                await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
                {
                    foreach (var pack in await ReadAsync(item.Name, passOverDamage, cancellationToken))
                    {
                        index.Add(pack);
                    }
                }

                return index;
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing && left > 0)
            {
                // A prune removed it since it was listed; what takes its place was there before.
            }
        }
    }

    /// <summary>As <see cref="ReadAsync(string, CancellationToken)"/>; nothing where the blob is damaged and that is passed over.</summary>
    public async ValueTask<IReadOnlyList<IndexedPack>> ReadAsync(
        string name, bool passOverDamage, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(name, cancellationToken);
        }
        catch (BackupException error) when (passOverDamage && error.Code == ErrorCode.VaultBlobDamaged)
        {
            return [];
        }
    }

    public async ValueTask<IReadOnlyList<IndexedPack>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var hash = Hash256.Parse(name[BlobNames.Indexes.Length..]) ?? throw Damage.In(name, "its name is no hash");
        var blob = await ReadCachedAsync(hash, cancellationToken);
        if (blob is null)
        {
            blob = await repository.Vault.ReadAsync(name, FormatLimits.SealedBlobBytes, cancellationToken);
            await CacheAsync(scratch, hash, blob, cancellationToken);
        }

        var plaintext = repository.OpenSealed(SealedType.Index, IndexDocument.Context, name, hash, blob);
        return IndexDocument.Decode(plaintext, name);
    }

    /// <summary>Keeps a copy of an index blob; it is worth nothing but time, so it is not flushed.</summary>
    public static async ValueTask CacheAsync(
        IScratch? scratch, Hash256 hash, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        if (scratch is not null)
        {
            var name = CachePrefix + hash;
            await scratch.DeleteAsync(name, cancellationToken);
            await scratch.AppendAsync(name, blob, cancellationToken);
        }
    }

    private async ValueTask<byte[]?> ReadCachedAsync(Hash256 hash, CancellationToken cancellationToken)
    {
        var name = CachePrefix + hash;
        if (scratch is null || await scratch.GetLengthAsync(name, cancellationToken) is not { } length
            || length > FormatLimits.SealedBlobBytes)
        {
            return null;
        }

        var blob = new byte[length];
        var read = await scratch.ReadAsync(name, 0, blob, cancellationToken);
        return read == blob.Length && Hash256.Of(blob) == hash ? blob : null;
    }
}
