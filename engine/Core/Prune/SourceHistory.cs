using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

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
/// state. Holds the records of one state in memory. One logical thread.
/// </summary>
internal sealed class SourceHistory(Repository repository)
{
    private Dictionary<RecordKey, DatedRecord> _records = [];

    /// <summary>The commit that the records are the state of; null before the first and after <see cref="Clear"/>.</summary>
    public Commit? At { get; private set; }

    /// <summary>Whether a commit can be applied: a checkpoint always, a delta on the one before it only.</summary>
    public bool Follows(Commit commit) => commit.Document.Checkpoint
        || (At is { } before && before.Document.Sequence == commit.Document.Sequence - 1);

    /// <summary>Name of the manifest that was read last: the one to blame for an error.</summary>
    public string Reading { get; private set; } = "";

    public DatedRecord? Find(RecordKey key) => _records.TryGetValue(key, out var record) ? record : null;

    /// <summary>Brings the records to a commit. An error leaves them as they were.</summary>
    public async ValueTask<IReadOnlyList<RecordChange>> ApplyAsync(Commit commit, CancellationToken cancellationToken)
    {
        Invariant.Require(Follows(commit));
        var changes = new List<RecordChange>();
        var seen = commit.Document.Checkpoint ? new HashSet<RecordKey>() : null;
        foreach (var hash in commit.Document.Manifests)
        {
            Reading = $"{BlobNames.Manifests}{commit.SourceId}/{hash}";
            foreach (var record in await ReadManifestAsync(repository, commit, hash, cancellationToken))
            {
                seen?.Add(record.Key);
                if (ChangeOf(record, commit) is { } change)
                {
                    changes.Add(change);
                }
            }
        }

        foreach (var (key, record) in seen is null ? [] : _records.Where(item => !seen.Contains(item.Key)))
        {
            changes.Add(new RecordChange(key, record, After: null));
        }

        foreach (var change in changes)
        {
            if (change.After is { } after)
            {
                _records[change.Key] = after;
            }
            else
            {
                _records.Remove(change.Key);
            }
        }

        At = commit;
        return changes;
    }

    /// <summary>Ends the history; every record is given back.</summary>
    public IEnumerable<KeyValuePair<RecordKey, DatedRecord>> Clear()
    {
        var records = _records;
        (_records, At) = ([], null);
        return records;
    }

    public static async ValueTask<IReadOnlyList<KeyedRecord>> ReadManifestAsync(
        Repository repository, Commit commit, string hash, CancellationToken cancellationToken)
    {
        var name = $"{BlobNames.Manifests}{commit.SourceId}/{hash}";
        var parsed = Hash256.Parse(hash) ?? throw Damage.In(name, "its name is no hash");
        return await ManifestReader.ReadAsync(repository, commit, parsed, cancellationToken);
    }

    private RecordChange? ChangeOf(KeyedRecord record, Commit commit)
    {
        DatedRecord? before = _records.TryGetValue(record.Key, out var found) ? found : null;
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
}
