using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>The first phase (FORMAT.md section 13): finds what nothing needs, copies what is left of half-empty packs. Logical thread only.</summary>
internal sealed class Condemnation(
    Repository repository,
    EngineServices services,
    GcDocument gc,
    VaultSurvey survey,
    IReadOnlyList<GcRound> left,
    IReadOnlySet<Hash256> held)
{
    private readonly HashSet<Hash256> _damaged = gc.Damaged.Select(hash => Hash256.Parse(hash)!.Value).ToHashSet();
    private readonly HashSet<Hash256> _leaving = left.SelectMany(round => round.Packs.Concat(round.Moved))
        .Select(hash => Hash256.Parse(hash)!.Value)
        .ToHashSet();

    private readonly HashSet<string> _leavingNames = left.SelectMany(round => round.Manifests.Concat(round.Commits))
        .ToHashSet(StringComparer.Ordinal);

    public long RepackedBytes { get; private set; }

    /// <summary>Recovery points that were not gone before.</summary>
    public long NewlyGone => survey.Sources.Sum(source => source.Gone.Count(sequence => !gc.IsGone(source.SourceId, sequence)));

    public async ValueTask<GcRound> RunAsync(PruneRequest request, CancellationToken cancellationToken)
    {
        var places = new PlaceChoice(survey, _leaving, _damaged);
        var unused = new List<string>();
        var thin = new HashSet<Hash256>();
        foreach (var hash in survey.Packs.Keys.Where(hash => !_leaving.Contains(hash) && !held.Contains(hash)).Order())
        {
            if (!survey.Indexed.TryGetValue(hash, out var pack))
            {
                // It may hold what an index that is lost named; a repair can tell.
                if (places.IsComplete)
                {
                    unused.Add(hash.ToString());
                }
            }
            else if (!pack.Segments.Any(segment => survey.Live.Contains(segment.Id)))
            {
                unused.Add(hash.ToString());
            }
            else if (IsThin(pack, places, request.MaxUnusedPercent))
            {
                thin.Add(hash);
            }
        }

        var vanished = await NamedAndNotThereAsync(places, cancellationToken);
        var repacker = new Repacker(repository, services, survey, places);
        var moved = request.DryRun ? [.. thin] : await repacker.RunAsync(thin, cancellationToken);
        RepackedBytes = repacker.WrittenBytes;
        return new GcRound(
            gc.Sequence + 1,
            unused,
            [.. moved.Select(hash => hash.ToString()), .. vanished],
            [.. survey.Manifests.Where(name => !survey.NeededManifests.Contains(name) && !_leavingNames.Contains(name))],
            [.. UnneededCommits().Where(name => !_leavingNames.Contains(name))]);
    }

    /// <summary>
    /// Packs that an index names and the vault does not hold: a pack was lost, or an index was brought back from an older state. A
    /// writer that took one of their segments as present would lose it. Those that nothing needs leave their index like any
    /// other; the rest count as damaged, so that their content is sent again.
    /// </summary>
    private async ValueTask<IReadOnlyList<string>> NamedAndNotThereAsync(PlaceChoice places, CancellationToken cancellationToken)
    {
        var unused = new List<string>();
        foreach (var (hash, pack) in survey.Indexed.Where(item => !survey.Packs.ContainsKey(item.Key) && !_leaving.Contains(item.Key))
            .OrderBy(item => item.Key))
        {
            // Packs are listed before indexes: one of a run beside this prune is there by now.
            if (await repository.Vault.GetLengthAsync(BlobNames.Pack(hash), cancellationToken) is not null)
            {
                continue;
            }

            if (pack.Segments.All(segment => !survey.Live.Contains(segment.Id) || places.Of(segment.Id) is not null))
            {
                unused.Add(hash.ToString());
            }
            else
            {
                _damaged.Add(hash);
            }
        }

        return unused;
    }

    public GcDocument NextDocument(GcRound round, IReadOnlyList<Hash256> removed)
    {
        List<GcRound> rounds = [.. left.Append(round).Where(item => !item.IsEmpty)];
        var leaving = rounds.SelectMany(item => item.Packs.Concat(item.Moved)).ToHashSet(StringComparer.Ordinal);
        var retired = survey.Indexes.Where(item => item.Value.Any(pack => leaving.Contains(pack.Hash.ToString())))
            .Select(item => item.Key.ToString())
            .Concat(gc.Retired)
            .Where(survey.NamedIndexes.Contains);
        return gc with
        {
            Sequence = gc.Sequence + 1,
            WrittenAt = services.Clock.GetUtcNow(),
            Rounds = rounds,
            Gone = survey.Sources.Where(source => source.Gone.Count > 0)
                .ToDictionary(source => source.SourceId, source => GcDocument.RangesOf(source.Gone)),
            Retired = [.. retired.Distinct().Order(StringComparer.Ordinal)],
            Damaged =
            [
                .. _damaged.Where(hash => survey.Packs.ContainsKey(hash) || survey.Indexed.ContainsKey(hash)).Except(removed)
                    .Select(hash => hash.ToString()).Order(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Whether a document says something that the newest does not.</summary>
    public bool IsChange(GcDocument next) => !(next with { Sequence = gc.Sequence, WrittenAt = gc.WrittenAt }).Encode()
        .AsSpan()
        .SequenceEqual(gc.Encode());

    private static bool IsThin(IndexedPack pack, PlaceChoice places, int maxUnusedPercent)
    {
        var all = pack.Segments.Sum(segment => (long)segment.StoredBytes);
        var used = pack.Segments.DistinctBy(segment => segment.Id)
            .Where(segment => places.Of(segment.Id) is { } place && place.Pack.Hash == pack.Hash)
            .Sum(segment => (long)segment.StoredBytes);
        return (all - used) * 100 > all * maxUnusedPercent;
    }

    private IEnumerable<string> UnneededCommits()
    {
        foreach (var source in survey.Sources)
        {
            var needed = source.Needed.Select(commit => commit.Document.Sequence).ToHashSet();
            foreach (var sequence in source.Present.Where(sequence => !needed.Contains(sequence)))
            {
                yield return $"{source.SourceId}/{sequence:D10}";
            }
        }
    }
}
