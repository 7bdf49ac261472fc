using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>Says whether every segment that the records of one commit name lies in a pack that is there to stay.</summary>
internal sealed class CommitVerifier(Repository repository, IReadOnlySet<Hash256> unusablePacks)
{
    public async ValueTask<bool> IsWholeAsync(Commit commit, CancellationToken cancellationToken)
    {
        var index = await new IndexReader(repository, scratch: null).ReadAllAsync(unusablePacks, cancellationToken);
        var packs = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            packs.Add(item.Name);
        }

        try
        {
            foreach (var hash in commit.Document.Manifests)
            {
                var records = await SourceHistory.ReadManifestAsync(repository, commit, hash, cancellationToken);
                if (!records.All(record => IsWhole(record, index, packs)))
                {
                    return false;
                }
            }
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobMissing or ErrorCode.VaultBlobDamaged)
        {
            return false;
        }

        return true;
    }

    // A patch is decoded over nothing: what it names itself is what this run brought or took as present.
    private bool IsWhole(KeyedRecord record, SegmentIndex index, HashSet<string> packs) =>
        record.Payload is not { } payload || RecordSegments.Of(record.Key, payload).All(id =>
            index.Contains(id) && index.PlacesOf(id).Any(place => packs.Contains(BlobNames.Pack(place.Pack.Hash))
                && !unusablePacks.Contains(place.Pack.Hash)));
}
