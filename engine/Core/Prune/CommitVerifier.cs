using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Prune;

/// <summary>Says whether every segment that the records of one commit name lies in a pack that is there to stay.</summary>
internal sealed class CommitVerifier(Repository repository, EngineServices services, IReadOnlySet<Hash256> unusablePacks)
{
    public async ValueTask<bool> IsWholeAsync(Commit commit, CancellationToken cancellationToken)
    {
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
        using var index = new SegmentIndex(repository, scratch, services.Random, _ => ValueTask.FromResult(unusablePacks));
        var packs = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            packs.Add(item.Name);
        }

        try
        {
            await foreach (var (_, records) in ManifestReader.PartsAsync(repository, commit, cancellationToken))
            {
                foreach (var record in records)
                {
                    if (!await IsWholeAsync(record, index, packs, cancellationToken))
                    {
                        return false;
                    }
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
    private async ValueTask<bool> IsWholeAsync(
        KeyedRecord record, SegmentIndex index, HashSet<string> packs, CancellationToken cancellationToken)
    {
        foreach (var id in record.Payload is { } payload ? RecordSegments.Of(record.Key, payload) : [])
        {
            var places = await index.PlacesAsync(id, cancellationToken);
            if (!places.Any(place => packs.Contains(BlobNames.Pack(place.Pack.Hash)) && !unusablePacks.Contains(place.Pack.Hash)))
            {
                return false;
            }
        }

        return true;
    }
}
