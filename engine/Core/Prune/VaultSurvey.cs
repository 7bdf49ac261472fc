using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Prune;

/// <summary>
/// What is in a vault and what of it is needed, in the order that makes a prune safe: packs and indexes are listed before
/// markers and commits (FORMAT.md section 13). What cannot be read throws: then nobody knows what is needed.
/// </summary>
internal sealed class VaultSurvey
{
    /// <summary>Packs in the vault and their lengths.</summary>
    public Dictionary<Hash256, long> Packs { get; } = [];

    /// <summary>Index blobs by hash.</summary>
    public Dictionary<Hash256, IReadOnlyList<IndexedPack>> Indexes { get; } = [];

    /// <summary>Manifests as source/hash.</summary>
    public List<string> Manifests { get; } = [];

    public List<SourceSurvey> Sources { get; } = [];

    /// <summary>Segments that a living recovery point uses.</summary>
    public HashSet<Hash256> Live { get; } = [];

    /// <summary>Manifests, as source/hash, that a needed commit names.</summary>
    public HashSet<string> NeededManifests { get; } = new(StringComparer.Ordinal);

    /// <summary>Index hashes that a commit of the vault names.</summary>
    public HashSet<string> NamedIndexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Each pack that an index names, once.</summary>
    public IReadOnlyDictionary<Hash256, IndexedPack> Indexed { get; private set; } = new Dictionary<Hash256, IndexedPack>();

    public static async ValueTask<VaultSurvey> OfAsync(
        Repository repository, GcDocument gc, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var survey = new VaultSurvey();
        await survey.ListAsync(repository, cancellationToken);
        var markers = await new DeletedLog(repository).ListAllAsync(cancellationToken);
        foreach (var (sourceId, sequences) in await new CommitLog(repository).ListAllAsync(cancellationToken))
        {
            var marked = markers.TryGetValue(sourceId, out var found) ? found : [];
            var source = await SourceSurvey.OfAsync(
                repository, gc, sourceId, sequences, marked, now, cancellationToken);
            survey.Sources.Add(source);
            await survey.AddLiveAsync(repository, source, cancellationToken);
        }

        return survey;
    }

    private async ValueTask ListAsync(Repository repository, CancellationToken cancellationToken)
    {
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Packs, cancellationToken))
        {
            if (Hash256.Parse(item.Name[(item.Name.LastIndexOf('/') + 1)..]) is { } hash)
            {
                Packs[hash] = item.LengthBytes;
            }
        }

        var reader = new IndexReader(repository);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Indexes, cancellationToken))
        {
            var hash = Hash256.Parse(item.Name[BlobNames.Indexes.Length..])
                ?? throw Damage.In(item.Name, "its name is no hash");
            Indexes[hash] = await reader.ReadAsync(item.Name, cancellationToken);
        }

        await foreach (var item in repository.Vault.ListAsync(BlobNames.Manifests, cancellationToken))
        {
            Manifests.Add(item.Name[BlobNames.Manifests.Length..]);
        }

        Indexed = Indexes.Values.SelectMany(packs => packs)
            .GroupBy(pack => pack.Hash)
            .ToDictionary(group => group.Key, group => group.First());
    }

    private async ValueTask AddLiveAsync(Repository repository, SourceSurvey source, CancellationToken cancellationToken)
    {
        var history = new SourceHistory(repository);
        foreach (var commit in source.Needed)
        {
            NeededManifests.UnionWith(commit.Document.Manifests.Select(hash => $"{source.SourceId}/{hash}"));
            NamedIndexes.UnionWith(commit.Document.Indexes);
            if (!history.Follows(commit))
            {
                throw Damage.In(
                    BlobNames.Commit(source.SourceId, commit.Document.Sequence), "what its recovery point rests on is gone");
            }

            foreach (var change in await history.ApplyAsync(commit, cancellationToken))
            {
                AddLive(source, change.Key, change.Before, commit.Document.Sequence);
            }
        }

        foreach (var (key, record) in history.Clear())
        {
            AddLive(source, key, record, long.MaxValue);
        }
    }

    private void AddLive(SourceSurvey source, RecordKey key, DatedRecord? record, long until)
    {
        if (record is { } dated && source.LivesIn(dated.Since, until))
        {
            Live.UnionWith(RecordSegments.Of(key, dated.Payload));
        }
    }
}
