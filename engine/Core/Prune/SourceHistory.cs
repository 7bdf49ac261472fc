using System.Runtime.CompilerServices;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Prune;

/// <summary>One record of a state, in full form, and the recovery point that it came with.</summary>
internal readonly record struct DatedRecord(byte[] Payload, long Since);

/// <summary>A record that a recovery point changed.</summary>
/// <param name="Key">Which.</param>
/// <param name="Before">As it was; null when there was none.</param>
/// <param name="After">As it is; null when there is none any more.</param>
internal readonly record struct RecordChange(RecordKey Key, DatedRecord? Before, DatedRecord? After);

/// <summary>
/// The states of one source, one recovery point after the other: what each changed costs what it changed, not the whole
/// state. The state is in tables of a temporary scratch location; memory is bounded by one manifest part. One logical thread.
/// </summary>
internal sealed class SourceHistory(Repository repository, IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private readonly LayeredTables _tables = new(scratch, keys, random, "history");

    /// <summary>The commit that the records are the state of; null before the first and after <see cref="ClearAsync"/>.</summary>
    public Commit? At { get; private set; }

    /// <summary>Whether a commit can be applied: a checkpoint always, a delta on the one before it only.</summary>
    public bool Follows(Commit commit) => commit.Document.Checkpoint
        || (At is { } before && before.Document.Sequence == commit.Document.Sequence - 1);

    /// <summary>Name of the manifest that was read last: the one to blame for an error.</summary>
    public string Reading { get; private set; } = "";

    public async ValueTask<DatedRecord?> FindAsync(RecordKey key, CancellationToken cancellationToken) =>
        await _tables.Set.FindAsync(StateKeys.Of(key), cancellationToken) is { } payload ? Decode(payload.Span) : null;

    /// <summary>
    /// Brings the records to a commit and tells what changes, ascending. They are as they were until the walk has come to its
    /// end; an error leaves them so.
    /// </summary>
    public async IAsyncEnumerable<RecordChange> ApplyAsync(
        Commit commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Invariant.Require(Follows(commit));
        Reading = BlobNames.Commit(commit.SourceId, commit.Document.Sequence);
        using var writer = await _tables.BeginAsync(cancellationToken);
        var changes = commit.Document.Checkpoint
            ? CheckpointAsync(commit, writer, cancellationToken)
            : DeltaAsync(commit, writer, cancellationToken);
        await foreach (var change in changes)
        {
            yield return change;
        }

        await (commit.Document.Checkpoint
            ? _tables.ReplaceAsync(writer, cancellationToken)
            : _tables.AddAsync(writer, cancellationToken));
        At = commit;
    }

    /// <summary>Ends the history; every record is given back.</summary>
    public async IAsyncEnumerable<(RecordKey Key, DatedRecord Record)> ClearAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var cursor = _tables.Set.Scan(default); await cursor.NextAsync(cancellationToken);)
        {
            yield return (StateKeys.Parse(cursor.Current.Key.Span), Decode(cursor.Current.Payload.Span));
        }

        await _tables.ClearAsync(cancellationToken);
        At = null;
    }

    public void Dispose() => _tables.Dispose();

    private async IAsyncEnumerable<RecordChange> DeltaAsync(
        Commit commit, TableWriter writer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in RecordsAsync(commit, cancellationToken))
        {
            var before = await FindAsync(record.Key, cancellationToken);
            if (ChangeOf(record, before, commit) is { } change)
            {
                var key = StateKeys.Of(record.Key);
                await writer.AddAsync(
                    change.After is { } after ? TableRecord.Put(key, Encode(after)) : TableRecord.Deleted(key), cancellationToken);
                yield return change;
            }
        }
    }

    /// <summary>Walks the state before and the new one side by side: what a checkpoint leaves out is gone.</summary>
    private async IAsyncEnumerable<RecordChange> CheckpointAsync(
        Commit commit, TableWriter writer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var old = _tables.Set.Scan(default);
        var isAtOld = await old.NextAsync(cancellationToken);
        await foreach (var record in RecordsAsync(commit, cancellationToken))
        {
            var key = StateKeys.Of(record.Key);
            for (; isAtOld && old.Current.Key.Span.SequenceCompareTo(key) < 0; isAtOld = await old.NextAsync(cancellationToken))
            {
                yield return GoneOf(old.Current);
            }

            var isSame = isAtOld && old.Current.Key.Span.SequenceEqual(key);
            DatedRecord? before = isSame ? Decode(old.Current.Payload.Span) : null;
            var change = ChangeOf(record, before, commit);
            if ((change is { } known ? known.After : before) is { } after)
            {
                await writer.AddAsync(TableRecord.Put(key, Encode(after)), cancellationToken);
            }

            isAtOld = isSame ? await old.NextAsync(cancellationToken) : isAtOld;
            if (change is { } changed)
            {
                yield return changed;
            }
        }

        for (; isAtOld; isAtOld = await old.NextAsync(cancellationToken))
        {
            yield return GoneOf(old.Current);
        }
    }

    private IAsyncEnumerable<KeyedRecord> RecordsAsync(Commit commit, CancellationToken cancellationToken) =>
        ManifestReader.RecordsAsync(repository, commit, name => Reading = name, cancellationToken);

    private RecordChange? ChangeOf(KeyedRecord record, DatedRecord? before, Commit commit)
    {
        if (record.Payload is null)
        {
            return before is null ? null : new RecordChange(record.Key, before, After: null);
        }

        try
        {
            var full = RecordCodec.Expand(record, commit.Document.Checkpoint ? null : before?.Payload);
            return before is { } same && same.Payload.AsSpan().SequenceEqual(full)
                ? null
                : new RecordChange(record.Key, before, new DatedRecord(full, commit.Document.Sequence));
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(Reading, error.Message, error);
        }
    }

    private static RecordChange GoneOf(in TableRecord record) =>
        new(StateKeys.Parse(record.Key.Span), Decode(record.Payload.Span), After: null);

    private static byte[] Encode(in DatedRecord record)
    {
        var output = new WireWriter(record.Payload.Length + 10);
        output.VarInt(record.Since);
        output.Raw(record.Payload);
        return output.ToArray();
    }

    private static DatedRecord Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var since = reader.Count(long.MaxValue);
        return new DatedRecord(reader.Raw(reader.Remaining).ToArray(), since);
    }
}
