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

    /// <summary>The extents of a stream in order, offsets from the beginning of the stream.</summary>
    public IEnumerable<Extent> ExtentsOf(EntryRecord entry, StreamRecord stream)
    {
        foreach (var (start, content) in ContentsOf(entry, stream))
        {
            foreach (var extent in content.Extents.Extents)
            {
                yield return start == 0 ? extent : extent with { Offset = start + extent.Offset };
            }
        }
    }

    /// <summary>What a stream consists of, in order: all of it, or each region that holds anything, with its first byte.</summary>
    public IEnumerable<(long Start, ProtectedContent Content)> ContentsOf(EntryRecord entry, StreamRecord stream)
    {
        if (stream.Content is { } content)
        {
            yield return (0, content);
            yield break;
        }

        foreach (var (region, part) in RegionsOf(entry.FileReference, stream.Id))
        {
            var start = region * FormatLimits.RegionBytes;
            if (start + part.LengthBytes > stream.ContentBytes)
            {
                throw new BackupException(
                    ErrorCode.VaultBlobDamaged,
                    $"The recovery point holds more of '{entry.Name}' than its length.",
                    "Restore another recovery point.");
            }

            yield return (start, part);
        }
    }

    public IEnumerable<IssueRecord> Issues()
    {
        var first = IndexOf(new RecordKey(RecordKey.Issues, 0));
        for (var i = first < 0 ? ~first : first; i < _records.Count && _records[i].Key.Space == RecordKey.Issues; i++)
        {
            yield return RecordCodec.DecodeIssue(_records[i].Payload);
        }
    }

    /// <summary>Applies a delta as a vault holds it: puts may carry patches over this state.</summary>
    public RecordState Apply(IReadOnlyList<KeyedRecord> delta, string blobName)
    {
        try
        {
            return Merge(delta);
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(blobName, error.Message, error);
        }
    }

    private byte[] Expand(KeyedRecord record)
    {
        var index = IndexOf(record.Key);
        return RecordCodec.Expand(record, index < 0 ? null : _records[index].Payload);
    }

    private IEnumerable<(long Region, ProtectedContent Content)> RegionsOf(ulong fileReference, uint streamId)
    {
        var first = IndexOf(RecordKey.OfRegion(fileReference, streamId, 0));
        for (var i = first < 0 ? ~first : first; i < _records.Count; i++)
        {
            var key = _records[i].Key;
            if (key.Space != RecordKey.Regions || key.Id != fileReference || key.StreamId != streamId)
            {
                yield break;
            }

            yield return (key.Region, RecordCodec.DecodeRegion(_records[i].Payload, parent: null));
        }
    }

    private RecordState Merge(IReadOnlyList<KeyedRecord> delta)
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
                merged.Add(new KeyedRecord(change.Key, Expand(change)));
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
