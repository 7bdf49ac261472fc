using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>
/// The whole state of a recovery point: its records in full form, ascending by key, undecoded until asked for. Immutable.
/// </summary>
internal sealed class RecordState
{
    private readonly IReadOnlyList<KeyedRecord> _records;

    public RecordState(IReadOnlyList<KeyedRecord> records) => _records = records;

    public static RecordState Empty { get; } = new([]);

    public IReadOnlyList<KeyedRecord> Records => _records;

    public int IndexOf(RecordKey key)
    {
        int low = 0, high = _records.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = _records[middle].Key.CompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    public EntryRecord? FindEntry(ulong fileReference)
    {
        var index = IndexOf(RecordKey.OfEntry(fileReference));
        return index < 0 ? null : EntryAt(index);
    }

    public IEnumerable<EntryRecord> Entries()
    {
        for (var i = 0; i < _records.Count && _records[i].Key.Space == RecordKey.Entries; i++)
        {
            yield return EntryAt(i);
        }
    }

    public IEnumerable<IssueRecord> Issues()
    {
        var first = IndexOf(new RecordKey(RecordKey.Issues, 0));
        for (var i = first < 0 ? ~first : first; i < _records.Count; i++)
        {
            yield return RecordCodec.DecodeIssue(_records[i].Payload);
        }
    }

    /// <summary>Applies a delta as a vault holds it: puts may carry patches over this state.</summary>
    public RecordState Apply(IReadOnlyList<KeyedRecord> delta, string blobName)
    {
        try
        {
            return Merge(delta, Expand);
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(blobName, error.Message, error);
        }
    }

    /// <summary>Applies records that are in full form already.</summary>
    public RecordState ApplyFull(IReadOnlyList<KeyedRecord> delta) => Merge(delta, record => record.Payload!);

    private byte[] Expand(KeyedRecord record)
    {
        if (record.Key.Space != RecordKey.Entries)
        {
            _ = RecordCodec.DecodeIssue(record.Payload);
            return record.Payload!;
        }

        var parent = FindEntry(record.Key.Id);
        return RecordCodec.Encode(RecordCodec.DecodeEntry(record.Key.Id, record.Payload, parent), parent: null);
    }

    private RecordState Merge(IReadOnlyList<KeyedRecord> delta, Func<KeyedRecord, byte[]> fullForm)
    {
        if (delta.Count == 0)
        {
            return this;
        }

        var merged = new List<KeyedRecord>(_records.Count + delta.Count);
        var i = 0;
        foreach (var change in delta)
        {
            while (i < _records.Count && _records[i].Key.CompareTo(change.Key) < 0)
            {
                merged.Add(_records[i++]);
            }

            if (i < _records.Count && _records[i].Key == change.Key)
            {
                i++;
            }

            if (change.Payload is not null)
            {
                merged.Add(new KeyedRecord(change.Key, fullForm(change)));
            }
        }

        for (; i < _records.Count; i++)
        {
            merged.Add(_records[i]);
        }

        return new RecordState(merged);
    }

    private EntryRecord EntryAt(int index)
    {
        Invariant.Require(_records[index].Key.Space == RecordKey.Entries);
        return RecordCodec.DecodeEntry(_records[index].Key.Id, _records[index].Payload, parent: null);
    }
}
