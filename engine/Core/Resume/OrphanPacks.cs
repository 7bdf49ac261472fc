using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Resume;

/// <summary>
/// Finds packs that no index names: what a run that was cut off sent after its last checkpoint. Their footers say what is in
/// them, so nothing of it is sent again even where nobody knows what it was for.
/// </summary>
internal sealed class OrphanPacks(Repository repository)
{
    /// <summary>More than a run leaves behind its last checkpoint; the rest is for a prune.</summary>
    private const int Most = 256;

    public async ValueTask<IReadOnlyList<IndexedPack>> FindAsync(IEnumerable<Hash256> known, CancellationToken cancellationToken)
    {
        var named = await NamedAsync(known, cancellationToken);
        var orphans = new List<(Hash256 Hash, long LengthBytes)>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (Hash256.Parse(item.Name[(item.Name.LastIndexOf('/') + 1)..]) is { } hash && !named.Contains(hash)
                && orphans.Count < Most)
            {
                orphans.Add((hash, item.LengthBytes));
            }
        }

        var packs = new List<IndexedPack>();
        foreach (var (hash, lengthBytes) in orphans)
        {
            if (await TryReadAsync(hash, lengthBytes, cancellationToken) is { } pack)
            {
                packs.Add(pack);
            }
        }

        return packs;
    }

    private async ValueTask<HashSet<Hash256>> NamedAsync(IEnumerable<Hash256> known, CancellationToken cancellationToken)
    {
        var named = known.ToHashSet();
        var reader = new IndexReader(repository);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            named.UnionWith((await reader.ReadAsync(item.Name, cancellationToken)).Select(pack => pack.Hash));
        }

        return named;
    }

    /// <summary>Reads the two ends of a pack; null when it is no whole pack of this vault.</summary>
    private async ValueTask<IndexedPack?> TryReadAsync(Hash256 hash, long lengthBytes, CancellationToken cancellationToken)
    {
        const int ends = PackBuilder.HeaderBytes + PackBuilder.TrailerBytes;
        if (lengthBytes is < ends or > FormatLimits.PackBytes)
        {
            return null;
        }

        try
        {
            var header = await ReadAsync(hash, 0, PackBuilder.HeaderBytes, cancellationToken);
            var trailer = await ReadAsync(hash, lengthBytes - PackBuilder.TrailerBytes, PackBuilder.TrailerBytes, cancellationToken);
            var stored = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
            if (stored > lengthBytes - ends)
            {
                return null;
            }

            var tailBytes = (int)stored + PackBuilder.TrailerBytes;
            var tail = await ReadAsync(hash, lengthBytes - tailBytes, tailBytes, cancellationToken);
            using var reader = PackReader.FromHeader(repository.Keys, header);
            var segments = reader.ReadFooter(tail, (int)lengthBytes);
            return new IndexedPack(hash, header.AsSpan(PackBuilder.HeaderBytes - KeyRing.SaltBytes).ToArray(), (uint)lengthBytes, segments);
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException
            or BackupException { Code: ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing })
        {
            return null;
        }
    }

    private async ValueTask<byte[]> ReadAsync(Hash256 hash, long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        return await repository.Vault.ReadRangeAsync(BlobNames.Pack(hash), offset, bytes, cancellationToken) == count
            ? bytes
            : throw new InvalidDataException("it is shorter than the listing says");
    }
}
