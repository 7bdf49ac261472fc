using Harness.Engine.Format;
using Harness.Engine.Rules;
using Harness.Engine.Tables;

namespace Harness.Engine.State;

/// <summary>
/// The records by which a new state differs from the one before, in any order, memory bounded; what only helps to find things
/// is kept in step. Later calls win over earlier ones about the same record. One logical thread.
/// </summary>
internal sealed class StateChanges(SourceState parent, TableSorter sorter, CancellationToken cancellationToken)
{
    /// <summary>Bytes of the records that a manifest of these changes holds, superseded ones of this run included.</summary>
    public long DeltaBytes { get; private set; }

    /// <summary>Bytes of fingerprints that the new state refers to, less those that the state before refers to.</summary>
    public long FingerprintBytes { get; private set; }

    /// <summary>Puts an entry. Its content, when in regions, is put apart.</summary>
    public async ValueTask PutEntryAsync(EntryRecord now, EntryRecord? before)
    {
        var full = RecordCodec.Encode(now, parent: null);
        await PutAsync(RecordKey.OfEntry(now.FileReference), full, before is null ? null : RecordCodec.Encode(now, before));
        if (before is not null && before.Parent != now.Parent)
        {
            await DeleteAsync(StateKeys.Of(StateKeys.Children, before.Parent, before.FileReference));
        }

        if (now.IsRoot)
        {
            await PutAsync(StateKeys.Of(StateKeys.Root), StateKeys.Of(StateKeys.Root, now.FileReference));
        }
        else if (before is null || before.Parent != now.Parent)
        {
            await PutAsync(StateKeys.Of(StateKeys.Children, now.Parent, now.FileReference), []);
        }

        if (now.Protection == Protection.FullOnly)
        {
            await PutAsync(StateKeys.Of(StateKeys.FullOnly, now.FileReference), []);
        }
        else if (before?.Protection == Protection.FullOnly)
        {
            await DeleteAsync(StateKeys.Of(StateKeys.FullOnly, now.FileReference));
        }
    }

    /// <summary>Deletes an entry of the state before, with all that belongs to it.</summary>
    public async ValueTask DeleteEntryAsync(EntryRecord before)
    {
        await DeleteAsync(StateKeys.Of(RecordKey.OfEntry(before.FileReference)));
        await DeleteAsync(StateKeys.Of(StateKeys.Children, before.Parent, before.FileReference));
        if (before.Protection == Protection.FullOnly)
        {
            await DeleteAsync(StateKeys.Of(StateKeys.FullOnly, before.FileReference));
        }

        foreach (var stream in before.Streams)
        {
            await DeleteContentAsync(before.FileReference, stream, fromRegion: 0);
        }
    }

    /// <summary>
    /// Deletes what the state before holds of a stream beside its entry, from a region on. <paramref name="keepFirstPages"/>
    /// leaves the fingerprints of the first region alone: a stream that became short has put them already.
    /// </summary>
    public async ValueTask DeleteContentAsync(
        ulong fileReference, StreamRecord before, uint fromRegion, bool keepFirstPages = false)
    {
        var first = RecordKey.OfRegion(fileReference, before.Id, fromRegion);
        if (before.IsInRegions)
        {
            await DeleteFromAsync(RecordKey.Regions, first);
        }

        if (before.ContentBytes > FormatLimits.PageBytes)
        {
            await DeleteFromAsync(StateKeys.Pages, keepFirstPages ? first with { Sub = first.Sub + 1 } : first);
        }
    }

    /// <summary>Puts a region of a long stream, or deletes it when nothing but hole is left of it.</summary>
    public ValueTask PutRegionAsync(RecordKey key, ProtectedContent now, ProtectedContent? before)
    {
        if (now.Extents.Extents.Count == 0)
        {
            return before is null ? default : DeleteAsync(StateKeys.Of(key));
        }

        return before is not null && now.SameAs(before)
            ? default
            : PutAsync(key, RecordCodec.Encode(now, parent: null), before is null ? null : RecordCodec.Encode(now, before));
    }

    /// <summary>Takes back a region that this run put, as if neither this run nor the state before had it.</summary>
    public async ValueTask DeleteRegionAsync(RecordKey key, PageTable pages, PageTable before)
    {
        FingerprintBytes -= pages.FingerprintBytes - before.FingerprintBytes;
        await DeleteAsync(StateKeys.Of(key));
        await DeleteAsync(StateKeys.OfPages(key));
    }

    /// <summary>Says where the fingerprints of a region are now.</summary>
    public ValueTask PutPagesAsync(RecordKey region, PageTable now, PageTable before)
    {
        if (now.SameAs(before))
        {
            return default;
        }

        FingerprintBytes += now.FingerprintBytes - before.FingerprintBytes;
        var key = StateKeys.OfPages(region);
        return now.Count == 0 ? DeleteAsync(key) : PutAsync(key, now.Encode());
    }

    /// <summary>Puts an issue unless the state before has the very same; says which it is.</summary>
    public async ValueTask<RecordKey> PutIssueAsync(IssueRecord issue)
    {
        var key = RecordKey.OfIssue(issue.Parent, issue.Name);
        var payload = RecordCodec.Encode(issue);
        var before = await parent.FindAsync(key, cancellationToken);
        if (before is { } known && known.Span.SequenceEqual(payload))
        {
            return key;
        }

        if (before is { } other && RecordCodec.DecodeIssue(other.Span) is { } old && old.FileReference != issue.FileReference)
        {
            await DeleteAsync(StateKeys.Of(StateKeys.IssuesOf, old.FileReference, key.Id));
        }

        await PutAsync(key, payload, delta: null);
        await PutAsync(StateKeys.Of(StateKeys.IssuesOf, issue.FileReference, key.Id), []);
        return key;
    }

    public async ValueTask DeleteIssueAsync(RecordKey key, ulong fileReference)
    {
        await DeleteAsync(StateKeys.Of(key));
        await DeleteAsync(StateKeys.Of(StateKeys.IssuesOf, fileReference, key.Id));
    }

    /// <summary>The whole new state as a manifest has it, ascending.</summary>
    public async IAsyncEnumerable<KeyedRecord> NewStateAsync()
    {
        var cursor = new MergedCursor([new FullCursor(sorter.Sorted()), parent.Tables.Scan(default)], dropDeleted: true);
        while (await cursor.NextAsync(cancellationToken) && cursor.Current.Key.Span[0] < StateKeys.Pages)
        {
            yield return new KeyedRecord(StateKeys.Parse(cursor.Current.Key.Span), cursor.Current.Payload.ToArray());
        }
    }

    /// <summary>Writes the changes as a table.</summary>
    public async ValueTask WriteTableAsync(TableWriter writer)
    {
        var cursor = new FullCursor(sorter.Sorted());
        while (await cursor.NextAsync(cancellationToken))
        {
            await writer.AddAsync(cursor.Current, cancellationToken);
        }
    }

    /// <summary>The changes as a manifest has them, ascending: patches over the state before where those are shorter.</summary>
    public async IAsyncEnumerable<KeyedRecord> DeltaAsync()
    {
        var cursor = sorter.Sorted();
        while (await cursor.NextAsync(cancellationToken) && cursor.Current.Key.Span[0] < StateKeys.Pages)
        {
            var delta = cursor.Current.IsDeleted ? null : Change.Decode(cursor.Current).Delta.ToArray();
            yield return new KeyedRecord(StateKeys.Parse(cursor.Current.Key.Span), delta);
        }
    }

    private async ValueTask DeleteFromAsync(byte space, RecordKey first)
    {
        await foreach (var sub in parent.SubsAsync(space, first.Id, cancellationToken))
        {
            var key = new RecordKey(RecordKey.Regions, first.Id, sub);
            if (key.StreamId != first.StreamId || sub < first.Sub)
            {
                continue;
            }

            await DeleteAsync(StateKeys.Of(space, first.Id, sub));
            if (space == StateKeys.Pages)
            {
                FingerprintBytes -= (await parent.FindPagesAsync(key, cancellationToken)).FingerprintBytes;
            }
        }
    }

    private ValueTask PutAsync(RecordKey key, byte[] full, byte[]? delta)
    {
        DeltaBytes += ManifestDocument.BytesOf(new KeyedRecord(key, delta ?? full));
        return sorter.AddAsync(StateKeys.Of(key), Change.Encode(full, delta), cancellationToken);
    }

    private ValueTask PutAsync(byte[] key, byte[] payload) =>
        sorter.AddAsync(key, Change.Encode(payload, delta: null), cancellationToken);

    private ValueTask DeleteAsync(byte[] key)
    {
        DeltaBytes += key[0] < StateKeys.Pages ? ManifestDocument.BytesOf(default) : 0;
        return sorter.AddAsync(key, payload: null, cancellationToken);
    }

    /// <summary>The changes in full form.</summary>
    private sealed class FullCursor(ITableCursor inner) : ITableCursor
    {
        public TableRecord Current { get; private set; }

        public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
        {
            if (!await inner.NextAsync(cancellationToken))
            {
                return false;
            }

            var change = Change.Decode(inner.Current);
            Current = inner.Current.IsDeleted ? inner.Current : TableRecord.Put(inner.Current.Key, change.Full);
            return true;
        }
    }

    /// <summary>A record in full form and in the form that a manifest gets, where that is another.</summary>
    private readonly record struct Change(ReadOnlyMemory<byte> Full, ReadOnlyMemory<byte> Delta)
    {
        public static byte[] Encode(byte[] full, byte[]? delta)
        {
            var output = new WireWriter(full.Length + (delta?.Length ?? 0) + 8);
            output.VarInt((ulong)full.Length);
            output.Raw(full);
            output.Raw(delta);
            return output.ToArray();
        }

        public static Change Decode(in TableRecord record)
        {
            if (record.IsDeleted)
            {
                return default;
            }

            var reader = new WireReader(record.Payload.Span);
            var length = (int)reader.VarInt();
            var full = record.Payload.Slice(record.Payload.Length - reader.Remaining, length);
            var delta = record.Payload[(record.Payload.Length - reader.Remaining + length)..];
            return new Change(full, delta.IsEmpty ? full : delta);
        }
    }
}
