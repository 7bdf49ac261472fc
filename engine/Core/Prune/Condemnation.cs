using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>The first phase (FORMAT.md section 13): finds what nothing needs, copies what is left of half-empty packs. Logical thread only.</summary>
internal sealed class Condemnation(
    Repository repository,
    EngineServices services,
    IScratch scratch,
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
        var (uses, lacking) = await UsesAsync(places, cancellationToken);
        var unused = new List<string>();
        var thin = new HashSet<Hash256>();
        foreach (var hash in survey.Packs.Keys.Where(hash => !_leaving.Contains(hash) && !held.Contains(hash)).Order())
        {
            if (!survey.SegmentBytes.TryGetValue(hash, out var all))
            {
                // It may hold what an index that is lost named; a repair can tell.
                if (lacking.IsComplete)
                {
                    unused.Add(hash.ToString());
                }
            }
            else if (!uses.TryGetValue(hash, out var used))
            {
                unused.Add(hash.ToString());
            }
            else if ((all - used) * 100 > all * request.MaxUnusedPercent)
            {
                thin.Add(hash);
            }
        }

        var vanished = await NamedAndNotThereAsync(lacking, cancellationToken);
        using var repacker = new Repacker(repository, services, scratch, survey, places);
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
    private async ValueTask<IReadOnlyList<string>> NamedAndNotThereAsync(
        LackingSegments lacking, CancellationToken cancellationToken)
    {
        var unused = new List<string>();
        foreach (var hash in survey.SegmentBytes.Keys.Where(hash => !survey.Packs.ContainsKey(hash) && !_leaving.Contains(hash)).Order())
        {
            // Packs are listed before indexes: one of a run beside this prune is there by now.
            if (await repository.Vault.GetLengthAsync(BlobNames.Pack(hash), cancellationToken) is not null)
            {
                continue;
            }

            if (lacking.Packs.Contains(hash))
            {
                _damaged.Add(hash);
            }
            else
            {
                unused.Add(hash.ToString());
            }
        }

        return unused;
    }

    public GcDocument NextDocument(GcRound round, IReadOnlyList<Hash256> removed)
    {
        List<GcRound> rounds = [.. left.Append(round).Where(item => !item.IsEmpty)];
        return gc with
        {
            Sequence = gc.Sequence + 1,
            WrittenAt = services.Clock.GetUtcNow(),
            Rounds = rounds,
            Gone = survey.Sources.Where(source => source.Gone.Count > 0)
                .ToDictionary(source => source.SourceId, source => GcDocument.RangesOf(source.Gone)),
            Damaged =
            [
                .. _damaged.Where(hash => survey.Packs.ContainsKey(hash) || survey.SegmentBytes.ContainsKey(hash)).Except(removed)
                    .Select(hash => hash.ToString()).Order(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Whether a document says something that the newest does not.</summary>
    public bool IsChange(GcDocument next) => !(next with { Sequence = gc.Sequence, WrittenAt = gc.WrittenAt }).Encode()
        .AsSpan()
        .SequenceEqual(gc.Encode());

    /// <summary>Stored bytes of each pack that are used, of those that hold anything needed; and what is needed and has no place.</summary>
    private async ValueTask<(Dictionary<Hash256, long> Uses, LackingSegments Lacking)> UsesAsync(
        PlaceChoice choice, CancellationToken cancellationToken)
    {
        var uses = new Dictionary<Hash256, long>();
        var lacking = new LackingSegments(IsComplete: true, []);
        await foreach (var (_, places) in survey.Segments.WithPlacesAsync(cancellationToken))
        {
            foreach (var hash in places.Select(place => place.Pack.Hash))
            {
                uses.TryAdd(hash, 0);
            }

            if (choice.Of(places) is { } place)
            {
                uses[place.Pack.Hash] += place.Record.StoredBytes;
            }
            else
            {
                lacking.Packs.UnionWith(places.Select(item => item.Pack.Hash));
                lacking = lacking with { IsComplete = false };
            }
        }

        return (uses, lacking);
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

    /// <summary>Whether every segment that is needed has a place; else the packs that should have had those without.</summary>
    private sealed record LackingSegments(bool IsComplete, HashSet<Hash256> Packs);
}
