using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;
using Harness.Engine.Segments;

namespace Harness.Engine.Prune;

/// <summary>
/// The second phase (FORMAT.md section 13): removes what earlier prunes condemned, as far as no session holds it and no
/// recovery point needs it after all. Each step leaves a vault that is whole. Logical thread only.
/// </summary>
internal sealed class RoundRemoval(Repository repository, EngineServices services, GcDocument gc, VaultSurvey survey)
{
    private readonly HashSet<string> _neededCommits = survey.Sources
        .SelectMany(source => source.Needed)
        .Select(commit => $"{commit.SourceId}/{commit.Document.Sequence:D10}")
        .ToHashSet(StringComparer.Ordinal);

    public List<Hash256> RemovedPacks { get; } = [];

    public long RemovedBytes { get; private set; }

    public long RemovedCommits { get; private set; }

    public long RemovedManifests { get; private set; }

    /// <summary>Rounds that stay, for a session holds them.</summary>
    public List<GcRound> Left { get; } = [];

    public async ValueTask RunAsync(IReadOnlyList<OpenSession> sessions, bool dryRun, CancellationToken cancellationToken)
    {
        var (used, usedOnlyThere) = await UsesAsync(cancellationToken);
        foreach (var round in gc.Rounds)
        {
            var needed = round with
            {
                Packs = [.. round.Packs.Where(hash => !used.Contains(hash))],
                Moved = [.. round.Moved.Where(hash => !usedOnlyThere.Contains(hash))],
                Manifests = [.. round.Manifests.Where(name => !survey.NeededManifests.Contains(name))],
                Commits = [.. round.Commits.Where(name => !_neededCommits.Contains(name))],
            };
            if (sessions.Any(session => session.Seen < round.Since))
            {
                Left.Add(needed);
            }
            else if (!dryRun)
            {
                await RemoveAsync(needed, cancellationToken);
            }
        }

        // A run that ended between a commit and its marker left the marker behind.
        foreach (var source in dryRun ? [] : survey.Sources)
        {
            foreach (var sequence in source.Markers.Points.Except(source.Present))
            {
                await RemoveMarkersAsync(source, sequence, cancellationToken);
            }
        }
    }

    private static Hash256 Parse(string hash) => Hash256.Parse(hash)!.Value;

    /// <summary>Of the packs of all rounds: those that hold anything needed, and those that hold it alone.</summary>
    private async ValueTask<(HashSet<string> Used, HashSet<string> UsedOnlyThere)> UsesAsync(CancellationToken cancellationToken)
    {
        var leaving = gc.Rounds.SelectMany(round => round.Packs.Concat(round.Moved)).Select(Parse).ToHashSet();
        var used = new HashSet<string>(StringComparer.Ordinal);
        var usedOnlyThere = new HashSet<string>(StringComparer.Ordinal);
        if (leaving.Count == 0)
        {
            return (used, usedOnlyThere);
        }

        // A copy in a pack that was found damaged since is none.
        var elsewhere = new PlaceChoice(survey, leaving.Union(gc.Damaged.Select(Parse)).ToHashSet(), new HashSet<Hash256>());
        await foreach (var (_, places) in survey.Segments.WithPlacesAsync(cancellationToken))
        {
            foreach (var place in places.Where(place => leaving.Contains(place.Pack.Hash)))
            {
                used.Add(place.Pack.Hash.ToString());
                if (elsewhere.Of(places) is null)
                {
                    usedOnlyThere.Add(place.Pack.Hash.ToString());
                }
            }
        }

        return (used, usedOnlyThere);
    }

    private async ValueTask RemoveAsync(GcRound round, CancellationToken cancellationToken)
    {
        var packs = round.Packs.Concat(round.Moved).Select(Parse).ToHashSet();
        await RemoveIndexesAsync(packs, cancellationToken);
        foreach (var hash in packs)
        {
            if (await repository.Vault.DeleteAsync(BlobNames.Pack(hash), cancellationToken))
            {
                RemovedPacks.Add(hash);
                RemovedBytes += survey.Packs.GetValueOrDefault(hash);
            }

            survey.Packs.Remove(hash);
        }

        foreach (var name in round.Commits)
        {
            RemovedCommits += await repository.Vault.DeleteAsync(BlobNames.Commits + name, cancellationToken) ? 1 : 0;
            if (BlobNames.ParseCommit(BlobNames.Commits + name) is { } commit
                && survey.Sources.Find(source => source.SourceId == commit.Source) is { } owner)
            {
                await RemoveMarkersAsync(owner, commit.Sequence, cancellationToken);
            }
        }

        foreach (var name in round.Manifests)
        {
            RemovedManifests += await repository.Vault.DeleteAsync(BlobNames.Manifests + name, cancellationToken) ? 1 : 0;
        }
    }

    private ValueTask RemoveMarkersAsync(SourceSurvey source, long sequence, CancellationToken cancellationToken) =>
        new DeletedLog(repository).RemoveAsync(source.SourceId, sequence, source.Markers.Of(sequence), cancellationToken);

    private async ValueTask RemoveIndexesAsync(HashSet<Hash256> packs, CancellationToken cancellationToken)
    {
        var old = survey.Indexes.Where(item => item.Value.Any(packs.Contains)).Select(item => item.Key).ToList();
        var reader = new IndexReader(repository);
        var writer = new IndexWriter(repository, services.Random, index: null);
        var kept = new HashSet<Hash256>();
        foreach (var blob in old)
        {
            foreach (var pack in await reader.ReadAsync(BlobNames.Index(blob), cancellationToken))
            {
                if (!packs.Contains(pack.Hash) && kept.Add(pack.Hash))
                {
                    await writer.AddAsync(pack, cancellationToken);
                }
            }
        }

        await writer.FlushAsync(cancellationToken);
        foreach (var blob in old)
        {
            await repository.Vault.DeleteAsync(BlobNames.Index(blob), cancellationToken);
            survey.Indexes.Remove(blob);
        }
    }
}
