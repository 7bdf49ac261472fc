using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;
using Harness.Engine.Segments;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>
/// Checks every recovery point: the chain of commits without a gap, its manifests, its tree, and that every segment it refers
/// to can be read. A recovery point costs what it changed, and a record is looked at once however many points hold it. States
/// and segments go through a temporary scratch location. One logical thread.
/// </summary>
internal sealed class RecoveryPointCheck(
    Repository repository, EngineServices services, IScratch scratch, Findings findings, CheckedPacks packs, GcDocument gc, MarkerCheck markers)
    : IDisposable
{
    private readonly CommitLog _log = new(repository);
    private readonly List<CheckedSource> _sources = [];
    private readonly SegmentNeeds _needs = new(scratch, repository.Keys, services.Random);
    private readonly HashSet<Hash256> _usedPacks = [];
    private int _trees;
    private bool _complete = true;

    private readonly LostFiles _lost = new(repository, services);

    public long Count { get; private set; }

    /// <summary>Recovery points of which nothing can be restored, as <c>source#number</c>.</summary>
    public IReadOnlyList<string> LostPoints => [.. _sources.SelectMany(source => source.Lost.Order().Select(source.Label))];

    /// <summary>Files of the others that cannot be restored.</summary>
    public ValueTask<IReadOnlyList<LostFile>> LostFilesAsync(CancellationToken cancellationToken) =>
        _lost.ResolveAsync(_sources, cancellationToken);

    /// <summary>Checks those that were there when packs were listed, and still are.</summary>
    /// <param name="before">Sources and the numbers of their commits, listed before anything else was.</param>
    /// <param name="cancellationToken">Ends it between two recovery points.</param>
    public async ValueTask RunAsync(IReadOnlyDictionary<string, List<long>> before, CancellationToken cancellationToken)
    {
        var deleted = new DeletedLog(repository);
        foreach (var (sourceId, listed) in await _log.ListAllAsync(cancellationToken))
        {
            List<long> sequences = before.TryGetValue(sourceId, out var known) ? [.. listed.Intersect(known)] : [];
            if (sequences.Count == 0)
            {
                continue;
            }

            var present = sequences.ToHashSet();
            var forgotten = await deleted.ListAsync(sourceId, cancellationToken);
            using var history = new SourceHistory(repository, scratch, repository.Keys, services.Random);
            using var source = new CheckedSource(_sources.Count, sourceId, history, NewTree());
            _sources.Add(source);
            for (var sequence = await FirstAsync(sourceId, sequences[0], cancellationToken); sequence <= sequences[^1]; sequence++)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // One that has its commit and no marker is shown as a recovery point, whatever was said of it.
                var isGone = sequence != sequences[^1] && gc.IsGone(sourceId, sequence)
                    && (!present.Contains(sequence) || forgotten.IsForgotten(sequence));
                if (!isGone)
                {
                    Count++;
                    source.Points.Add(sequence);
                }

                if (!isGone || present.Contains(sequence))
                {
                    await CheckAsync(source, sequence, isGone, cancellationToken);
                }
            }

            await CloseAsync(source, sequences[^1] + 1, cancellationToken);
            foreach (var sequence in source.Unreadable)
            {
                findings.Suffers(BlobNames.Commit(sourceId, sequence), source.Label(sequence));
            }
        }

        await CheckSegmentsAsync(cancellationToken);
    }

    public void Dispose() => _needs.Dispose();

    /// <summary>Packs without a segment that any recovery point uses; empty when damage makes that unknowable.</summary>
    public IReadOnlyList<string> Unreferenced()
    {
        if (!_complete)
        {
            return [];
        }

        var used = _usedPacks.Select(BlobNames.Pack).ToHashSet(StringComparer.Ordinal);
        return [.. packs.Present.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The first commit that must be there: older ones may have been forgotten, but not what the oldest rests on.</summary>
    private async ValueTask<long> FirstAsync(string sourceId, long oldest, CancellationToken cancellationToken)
    {
        try
        {
            return (await _log.ReadAsync(sourceId, oldest, cancellationToken)).Document.ChainStart;
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            return oldest;
        }
    }

    private async ValueTask CheckAsync(
        CheckedSource source, long sequence, bool isGone, CancellationToken cancellationToken)
    {
        var name = BlobNames.Commit(source.Id, sequence);
        Commit commit;
        try
        {
            commit = await _log.ReadAsync(source.Id, sequence, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(name, error);
            _complete = false;
            if (!isGone)
            {
                source.Unreadable.Add(sequence);
                source.Lost.Add(sequence);
            }

            await BreakAsync(source, sequence, cancellationToken);
            return;
        }

        if (markers.Forgotten.TryGetValue((source.Id, sequence), out var marker) && marker.Commit != commit.Hash.ToString())
        {
            findings.Add(
                marker.Blob,
                ErrorCode.VaultBlobDamaged,
                $"It forgets another recovery point than the {sequence} that is there; 'undelete' brings that one back.");
        }

        source.Name = commit.Document.Source;
        var label = source.Label(sequence);
        if (source.Before is { } before && before.Document.Sequence == sequence - 1
            && commit.Document.Parent != before.Hash.ToString())
        {
            findings.Add(
                BlobNames.Commit(source.Id, sequence - 1),
                ErrorCode.VaultBlobDamaged,
                $"It is not the recovery point that {sequence} follows.");
        }

        source.Before = commit;
        if (!isGone)
        {
            NoteMissingIndexes(source, commit);
        }

        if (!source.History.Follows(commit))
        {
            // What the chain rests on is damaged and reported already, or gone with a point that was the last to need it.
            if (!isGone)
            {
                findings.Add(name, ErrorCode.VaultBlobDamaged, $"Recovery point {label} rests on '{BlobNames.Commit(source.Id, sequence - 1)}', which cannot be read.");
                findings.Suffers(name, label);
                source.Lost.Add(sequence);
                _complete = false;
            }

            await BreakAsync(source, sequence, cancellationToken);
            return;
        }

        await ApplyAsync(source, commit, isGone ? null : label, cancellationToken);
    }

    private async ValueTask ApplyAsync(CheckedSource source, Commit commit, string? label, CancellationToken cancellationToken)
    {
        var regions = new List<RecordKey>();
        try
        {
            await foreach (var change in source.History.ApplyAsync(commit, cancellationToken))
            {
                if (change.Before is { } before)
                {
                    await NeedAsync(source, change.Key, before, commit.Document.Sequence, cancellationToken);
                }

                if (change.After is not null && change.Key.Space == RecordKey.Regions)
                {
                    regions.Add(change.Key);
                }

                await source.Tree.AddAsync(change, cancellationToken);
            }
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(source.History.Reading, error);
            _complete = false;
            Suffers(source.History.Reading, label);
            if (label is not null)
            {
                source.Lost.Add(commit.Document.Sequence);
            }

            await BreakAsync(source, commit.Document.Sequence, cancellationToken);
            return;
        }

        await source.Tree.FinishAsync(cancellationToken);
        if ((source.Tree.Problem ?? await RegionProblemAsync(source.History, regions, cancellationToken)) is { } problem)
        {
            var name = BlobNames.Commit(source.Id, commit.Document.Sequence);
            findings.Add(name, ErrorCode.VaultBlobDamaged, $"The recovery point's tree is not valid: {problem}.");
            Suffers(name, label);
        }
    }

    /// <summary>Notes who suffers; a point that is gone does not.</summary>
    private void Suffers(string blob, string? label)
    {
        if (label is not null)
        {
            findings.Suffers(blob, label);
        }
    }

    /// <summary>Ends what the records of the last state are part of.</summary>
    private async ValueTask CloseAsync(CheckedSource source, long until, CancellationToken cancellationToken)
    {
        await foreach (var (key, record) in source.History.ClearAsync(cancellationToken))
        {
            await NeedAsync(source, key, record, until, cancellationToken);
        }
    }

    private async ValueTask BreakAsync(CheckedSource source, long sequence, CancellationToken cancellationToken)
    {
        await CloseAsync(source, sequence, cancellationToken);
        source.Tree.Dispose();
        source.Tree = NewTree();
    }

    private TreeCheck NewTree() => new(new NameTwins(scratch, repository.Keys, services.Random, $"names-{_trees++}"));

    /// <summary>An index that is not there has been merged into another, or is lost: then a segment is missing too.</summary>
    private void NoteMissingIndexes(CheckedSource source, Commit commit)
    {
        foreach (var hash in commit.Document.Indexes)
        {
            if (!packs.Indexes.Contains(BlobNames.Indexes + hash))
            {
                source.MissingIndexes.TryAdd(commit.Document.Sequence, BlobNames.Indexes + hash);
            }
        }
    }

    /// <summary>Notes what a record needs for the recovery points from its own to the one before another took its place.</summary>
    private async ValueTask NeedAsync(
        CheckedSource source, RecordKey key, DatedRecord record, long until, CancellationToken cancellationToken)
    {
        if (source.FirstIn(record.Since, until) is null)
        {
            return;
        }

        var extents = RecordSegments.ExtentsOf(key, record.Payload).GroupBy(extent => extent.Segment!.Id);
        foreach (var segment in extents)
        {
            var end = (uint)Math.Min(segment.Max(extent => extent.SegmentOffset + extent.Length), uint.MaxValue);
            await _needs.AddAsync(new SegmentNeed(segment.Key, source.Number, record.Since, until, end, key.Id), cancellationToken);
        }
    }

    /// <summary>Lays what is needed beside what can be read.</summary>
    private async ValueTask CheckSegmentsAsync(CancellationToken cancellationToken)
    {
        await foreach (var (need, places) in _needs.BesideAsync(packs, cancellationToken))
        {
            foreach (var place in places)
            {
                _usedPacks.Add(PlaceSorter.PackOf(place));
            }

            var source = _sources[need.Source];
            if (BlameFor(source, need, places) is { } blob)
            {
                _lost.Add(need);
                for (var i = source.FirstIn(need.Since, need.Until)!.Value; i < source.Points.Count && source.Points[i] < need.Until; i++)
                {
                    findings.Suffers(blob, source.Label(source.Points[i]));
                }
            }
        }
    }

    private string? BlameFor(CheckedSource source, SegmentNeed need, IReadOnlyList<TableRecord> places)
    {
        var commitName = BlobNames.Commit(source.Id, need.Since);
        if (places.Select(place => CheckedPacks.ReadableBytesOf(place)).FirstOrDefault(bytes => bytes is not null) is { } rawBytes)
        {
            if (need.End <= rawBytes)
            {
                return null;
            }

            findings.Add(commitName, ErrorCode.VaultBlobDamaged, $"An extent reaches beyond segment {need.Segment}.");
            return commitName;
        }

        if (places.Count > 0)
        {
            return BlobNames.Pack(PlaceSorter.PackOf(places[0]));
        }

        if (source.MissingIndexes.TryGetValue(need.Since, out var index))
        {
            findings.Add(index, ErrorCode.VaultBlobMissing, $"Index '{index}' is not in the vault, and no other names segment {need.Segment}.");
            return index;
        }

        findings.Add(commitName, ErrorCode.VaultBlobMissing, $"Segment {need.Segment} is in no readable index.");
        return commitName;
    }

    private static async ValueTask<string?> RegionProblemAsync(
        SourceHistory history, List<RecordKey> regions, CancellationToken cancellationToken)
    {
        foreach (var key in regions)
        {
            if (await history.FindAsync(RecordKey.OfEntry(key.Id), cancellationToken) is not { } owner
                || await history.FindAsync(key, cancellationToken) is not { } record)
            {
                continue;
            }

            var entry = RecordCodec.DecodeEntry(key.Id, owner.Payload, parent: null);
            var stream = entry.Streams.FirstOrDefault(stream => stream.Id == key.StreamId);
            var region = RecordCodec.DecodeRegion(record.Payload, parent: null);
            if (stream is { IsInRegions: true }
                && (key.Region * FormatLimits.RegionBytes) + region.LengthBytes > stream.ContentBytes)
            {
                return $"it holds more of '{entry.Name}' than its length";
            }
        }

        return null;
    }
}
