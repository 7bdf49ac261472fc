using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Prune;

/// <summary>
/// What is in a vault and what of it is needed, in the order that makes a prune safe: packs and indexes are listed before
/// markers and commits (FORMAT.md section 13). What cannot be read throws: then nobody knows what is needed. States and segments
/// go through a temporary scratch location; in memory are about 300 bytes of each pack. One logical thread.
/// </summary>
internal sealed class VaultSurvey(Repository repository, EngineServices services, IScratch scratch) : IDisposable
{
    /// <summary>Packs in the vault and their lengths.</summary>
    public Dictionary<Hash256, long> Packs { get; } = [];

    /// <summary>Index blobs by hash, with the packs that they name.</summary>
    public Dictionary<Hash256, IReadOnlyList<Hash256>> Indexes { get; } = [];

    /// <summary>Manifests as source/hash.</summary>
    public List<string> Manifests { get; } = [];

    public List<SourceSurvey> Sources { get; } = [];

    /// <summary>Stored bytes of the segments of each pack that an index names.</summary>
    public Dictionary<Hash256, long> SegmentBytes { get; } = [];

    /// <summary>Segments that a living recovery point uses, and where segments lie.</summary>
    public LiveSegments Segments { get; } = new(scratch, repository.Keys, services.Random);

    /// <summary>Manifests, as source/hash, that a needed commit names.</summary>
    public HashSet<string> NeededManifests { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads everything; to be called once, before anything is asked.</summary>
    public async ValueTask ReadAsync(GcDocument gc, CancellationToken cancellationToken)
    {
        await ListAsync(cancellationToken);
        var markers = await new DeletedLog(repository).ListAllAsync(cancellationToken);
        foreach (var (sourceId, sequences) in await new CommitLog(repository).ListAllAsync(cancellationToken))
        {
            var marked = markers.GetValueOrDefault(sourceId, SourceMarkers.None);
            var source = await SourceSurvey.OfAsync(
                repository, gc, sourceId, sequences, marked, services.Clock.GetUtcNow(), cancellationToken);
            Sources.Add(source);
            await AddLiveAsync(source, cancellationToken);
        }
    }

    public void Dispose() => Segments.Dispose();

    private async ValueTask ListAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (Hash256.Parse(item.Name[(item.Name.LastIndexOf('/') + 1)..]) is { } hash)
            {
                Packs[hash] = item.LengthBytes;
            }
        }

        await foreach (var (name, packs) in new IndexReader(repository).ReadAllAsync(unreadable: null, cancellationToken))
        {
            Indexes[IndexReader.HashOf(name)] = [.. packs.Select(pack => pack.Hash)];
            foreach (var pack in packs)
            {
                SegmentBytes[pack.Hash] = pack.Segments.Sum(segment => (long)segment.StoredBytes);
                await Segments.AddPlacesAsync(pack, cancellationToken);
            }
        }

        await foreach (var item in repository.Vault.ListAsync(BlobNames.Manifests, cancellationToken))
        {
            Manifests.Add(item.Name[BlobNames.Manifests.Length..]);
        }
    }

    private async ValueTask AddLiveAsync(SourceSurvey source, CancellationToken cancellationToken)
    {
        using var history = new SourceHistory(repository, scratch, repository.Keys, services.Random);
        foreach (var commit in source.Needed)
        {
            NeededManifests.UnionWith(commit.Document.Manifests.Select(hash => $"{source.SourceId}/{hash}"));
            if (!history.Follows(commit))
            {
                throw Damage.In(
                    BlobNames.Commit(source.SourceId, commit.Document.Sequence), "what its recovery point rests on is gone");
            }

            await foreach (var change in history.ApplyAsync(commit, cancellationToken))
            {
                await AddLiveAsync(source, change.Key, change.Before, commit.Document.Sequence, cancellationToken);
            }
        }

        await foreach (var (key, record) in history.ClearAsync(cancellationToken))
        {
            await AddLiveAsync(source, key, record, long.MaxValue, cancellationToken);
        }
    }

    private async ValueTask AddLiveAsync(
        SourceSurvey source, RecordKey key, DatedRecord? record, long until, CancellationToken cancellationToken)
    {
        if (record is { } dated && source.LivesIn(dated.Since, until))
        {
            foreach (var segment in RecordSegments.Of(key, dated.Payload))
            {
                await Segments.AddLiveAsync(segment, cancellationToken);
            }
        }
    }
}
