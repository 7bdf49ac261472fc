using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Retention;

namespace Harness.Engine.Check;

/// <summary>
/// Checks every recovery point: the chain of commits without a gap, its manifests, its tree, and that every segment it refers
/// to can be read. A recovery point costs what it changed, and a record is looked at once however many points hold it.
/// </summary>
internal sealed class RecoveryPointCheck(Repository repository, Findings findings, CheckedPacks packs, GcDocument gc)
{
    private readonly CommitLog _log = new(repository);
    private readonly HashSet<Hash256> _usedSegments = [];
    private bool _complete = true;

    public long Count { get; private set; }

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var deleted = new DeletedLog(repository);
        foreach (var (sourceId, sequences) in await _log.ListAllAsync(cancellationToken))
        {
            var present = sequences.ToHashSet();
            var forgotten = await deleted.ListAsync(sourceId, cancellationToken);
            var source = new CheckedSource(sourceId, new SourceHistory(repository));
            for (var sequence = await FirstAsync(sourceId, sequences[0], cancellationToken); sequence <= sequences[^1]; sequence++)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // One that has its commit and no marker is shown as a recovery point, whatever was said of it.
                var isGone = sequence != sequences[^1] && gc.IsGone(sourceId, sequence)
                    && (!present.Contains(sequence) || forgotten.Contains(sequence));
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

            Close(source, sequences[^1] + 1);
            foreach (var sequence in source.Unreadable)
            {
                findings.Suffers(BlobNames.Commit(sourceId, sequence), source.Label(sequence));
            }
        }
    }

    /// <summary>Packs without a segment that any recovery point uses; empty when damage makes that unknowable.</summary>
    public IReadOnlyList<string> Unreferenced()
    {
        if (!_complete)
        {
            return [];
        }

        var used = packs.Indexes.Values.SelectMany(indexed => indexed)
            .Where(pack => pack.Segments.Any(segment => _usedSegments.Contains(segment.Id)))
            .Select(pack => BlobNames.Pack(pack.Hash))
            .ToHashSet(StringComparer.Ordinal);
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
            }

            Break(source, sequence);
            return;
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
            CheckIndexes(commit, label);
        }

        if (!source.History.Follows(commit))
        {
            // What the chain rests on is damaged and reported already, or gone with a point that was the last to need it.
            if (!isGone)
            {
                findings.Add(name, ErrorCode.VaultBlobDamaged, $"Recovery point {label} rests on one that cannot be read.");
                findings.Suffers(name, label);
                _complete = false;
            }

            Break(source, sequence);
            return;
        }

        await ApplyAsync(source, commit, isGone ? null : label, cancellationToken);
    }

    private async ValueTask ApplyAsync(CheckedSource source, Commit commit, string? label, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordChange> changes;
        try
        {
            changes = await source.History.ApplyAsync(commit, cancellationToken);
        }
        catch (BackupException error) when (error.Code is ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing)
        {
            findings.Add(source.History.Reading, error);
            _complete = false;
            Suffers(source.History.Reading, label);
            Break(source, commit.Document.Sequence);
            return;
        }

        foreach (var change in changes.Where(change => change.Before is not null))
        {
            CheckRecord(source, change.Key, change.Before!.Value, commit.Document.Sequence);
        }

        source.Tree.Apply(changes);
        if ((source.Tree.Problem ?? RegionProblem(source.History, changes)) is { } problem)
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
    private void Close(CheckedSource source, long until)
    {
        foreach (var (key, record) in source.History.Clear())
        {
            CheckRecord(source, key, record, until);
        }
    }

    private void Break(CheckedSource source, long sequence)
    {
        Close(source, sequence);
        source.Tree = new TreeCheck();
    }

    private void CheckIndexes(Commit commit, string label)
    {
        foreach (var hash in commit.Document.Indexes)
        {
            var name = BlobNames.Indexes + hash;
            if (!packs.Indexes.ContainsKey(name) && !gc.Retired.Contains(hash))
            {
                findings.Add(name, ErrorCode.VaultBlobMissing, $"Index '{name}' is not in the vault.");
                findings.Suffers(name, label);
            }
        }
    }

    /// <summary>Checks the data of a record for the recovery points from its own to the one before another took its place.</summary>
    private void CheckRecord(CheckedSource source, RecordKey key, DatedRecord record, long until)
    {
        var first = source.Points.BinarySearch(record.Since);
        first = first < 0 ? ~first : first;
        if (first == source.Points.Count || source.Points[first] >= until)
        {
            return;
        }

        foreach (var extent in RecordSegments.ExtentsOf(key, record.Payload))
        {
            var id = extent.Segment!.Id;
            _usedSegments.Add(id);
            if (BlameFor(source, record, extent) is { } blob)
            {
                for (var i = first; i < source.Points.Count && source.Points[i] < until; i++)
                {
                    findings.Suffers(blob, source.Label(source.Points[i]));
                }
            }
        }
    }

    private string? BlameFor(CheckedSource source, DatedRecord record, Extent extent)
    {
        var id = extent.Segment!.Id;
        var commitName = BlobNames.Commit(source.Id, record.Since);
        if (packs.FindGood(id) is { } location)
        {
            if (extent.SegmentOffset + extent.Length <= location.Record.RawBytes)
            {
                return null;
            }

            findings.Add(commitName, ErrorCode.VaultBlobDamaged, $"An extent reaches beyond segment {id}.");
            return commitName;
        }

        if (packs.BlameFor(id) is { } blob)
        {
            return blob;
        }

        findings.Add(commitName, ErrorCode.VaultBlobMissing, $"Segment {id} is in no readable index.");
        return commitName;
    }

    private static string? RegionProblem(SourceHistory history, IReadOnlyList<RecordChange> changes)
    {
        foreach (var change in changes.Where(change => change.Key.Space == RecordKey.Regions && change.After is not null))
        {
            if (history.Find(RecordKey.OfEntry(change.Key.Id)) is not { } owner)
            {
                continue;
            }

            var entry = RecordCodec.DecodeEntry(change.Key.Id, owner.Payload, parent: null);
            var stream = entry.Streams.FirstOrDefault(stream => stream.Id == change.Key.StreamId);
            var region = RecordCodec.DecodeRegion(change.After!.Value.Payload, parent: null);
            if (stream is { IsInRegions: true }
                && (change.Key.Region * FormatLimits.RegionBytes) + region.LengthBytes > stream.ContentBytes)
            {
                return $"it holds more of '{entry.Name}' than its length";
            }
        }

        return null;
    }

    /// <summary>One source while it is checked.</summary>
    private sealed class CheckedSource(string id, SourceHistory history)
    {
        public string Id { get; } = id;

        public string Name { get; set; } = id;

        public SourceHistory History { get; } = history;

        public TreeCheck Tree { get; set; } = new();

        public Commit? Before { get; set; }

        /// <summary>Numbers whose commit cannot be read; who they belong to another commit tells.</summary>
        public List<long> Unreadable { get; } = [];

        /// <summary>Numbers of recovery points that can be restored, ascending, as far as checked.</summary>
        public List<long> Points { get; } = [];

        public string Label(long sequence) => $"{Name}#{sequence}";
    }
}
