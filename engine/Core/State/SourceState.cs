using System.Runtime.CompilerServices;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Tables;

namespace Harness.Engine.State;

/// <summary>
/// What a recovery point of a source holds, read from tables of a scratch location: what is asked for costs a few blocks,
/// whatever the size of the source. Records of a vault that is not to be trusted throw VaultBlobDamaged. One logical thread.
/// </summary>
internal sealed class SourceState(TableSet tables) : IDisposable
{
    public static SourceState Empty { get; } = new(TableSet.Empty);

    public TableSet Tables => tables;

    /// <summary>Bytes of records, superseded ones included until they are merged away.</summary>
    public long RecordBytes => tables.Tables.Sum(table => table.RecordBytes);

    public async ValueTask<EntryRecord?> FindEntryAsync(ulong fileReference, CancellationToken cancellationToken)
    {
        var payload = await tables.FindAsync(StateKeys.Of(RecordKey.Entries, fileReference), cancellationToken);
        return payload is { } bytes ? RecordCodec.DecodeEntry(fileReference, bytes.Span, parent: null) : null;
    }

    /// <summary>Every entry, ascending by file reference.</summary>
    public async IAsyncEnumerable<EntryRecord> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in tables.WithPrefixAsync(StateKeys.Of(RecordKey.Entries), cancellationToken))
        {
            yield return RecordCodec.DecodeEntry(StateKeys.Id(record.Key.Span), record.Payload.Span, parent: null);
        }
    }

    /// <summary>Every directory, ascending by file reference; nothing else is decoded.</summary>
    public async IAsyncEnumerable<EntryRecord> DirectoriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in tables.WithPrefixAsync(StateKeys.Of(RecordKey.Entries), cancellationToken))
        {
            if (RecordCodec.IsDirectory(record.Payload.Span))
            {
                yield return RecordCodec.DecodeEntry(StateKeys.Id(record.Key.Span), record.Payload.Span, parent: null);
            }
        }
    }

    /// <summary>What a stream consists of, in order: all of it, or each region that holds anything, with its first byte.</summary>
    public async IAsyncEnumerable<(long Start, ProtectedContent Content)> ContentsAsync(
        EntryRecord entry, StreamRecord stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stream.Content is { } content)
        {
            yield return (0, content);
            yield break;
        }

        var first = RecordKey.OfRegion(entry.FileReference, stream.Id, 0);
        var cursor = tables.Scan(StateKeys.Of(first));
        while (await cursor.NextAsync(cancellationToken))
        {
            var key = cursor.Current.Key.Span[0] == RecordKey.Regions ? StateKeys.Parse(cursor.Current.Key.Span) : default;
            if (key.Space != RecordKey.Regions || key.Id != first.Id || key.StreamId != stream.Id)
            {
                yield break;
            }

            var part = RecordCodec.DecodeRegion(cursor.Current.Payload.Span, parent: null);
            var start = key.Region * FormatLimits.RegionBytes;
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

    /// <summary>The extents of a stream in order, offsets from the beginning of the stream.</summary>
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        EntryRecord entry, StreamRecord stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (start, content) in ContentsAsync(entry, stream, cancellationToken))
        {
            foreach (var extent in content.Extents.Extents)
            {
                yield return start == 0 ? extent : extent with { Offset = start + extent.Offset };
            }
        }
    }

    public void Dispose() => tables.Dispose();

    public async ValueTask<ProtectedContent?> FindRegionAsync(RecordKey key, CancellationToken cancellationToken)
    {
        var payload = await tables.FindAsync(StateKeys.Of(key), cancellationToken);
        return payload is { } bytes ? RecordCodec.DecodeRegion(bytes.Span, parent: null) : null;
    }

    public async ValueTask<PageTable> FindPagesAsync(RecordKey region, CancellationToken cancellationToken)
    {
        var payload = await tables.FindAsync(StateKeys.OfPages(region), cancellationToken);
        return payload is { } bytes ? PageTable.Decode(bytes.Span) : PageTable.Empty;
    }

    /// <summary>The payload of a record, or null.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(RecordKey key, CancellationToken cancellationToken) =>
        tables.FindAsync(StateKeys.Of(key), cancellationToken);

    /// <summary>File references of the records of a space, ascending.</summary>
    public async IAsyncEnumerable<ulong> ReferencesAsync(
        byte space, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in tables.WithPrefixAsync(StateKeys.Of(space), cancellationToken))
        {
            yield return StateKeys.Id(record.Key.Span);
        }
    }

    /// <summary>
    /// Entries of whose reference <paramref name="isKnown"/> says no, each once. The tables are walked block by block and nothing
    /// is decoded of those that are known, which are nearly all.
    /// </summary>
    public async IAsyncEnumerable<EntryRecord> EntriesWithoutAsync(
        Func<ulong, bool> isKnown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = StateKeys.Of(RecordKey.Entries);
        var given = new ReferenceSet();
        foreach (var table in tables.Tables)
        {
            var walk = new LeafWalk(table, start);
            var isWithin = true;
            while (isWithin && await walk.NextAsync(cancellationToken) is { } block)
            {
                for (var i = block.LowerBound(start); i < block.Count; i++)
                {
                    if (block.KeyAt(i)[0] != RecordKey.Entries)
                    {
                        isWithin = false;
                        break;
                    }

                    // A newer table may have deleted it: what all tables say together counts.
                    var reference = StateKeys.Id(block.KeyAt(i));
                    if (!isKnown(reference) && given.Add(reference)
                        && await FindEntryAsync(reference, cancellationToken) is { } entry)
                    {
                        yield return entry;
                    }
                }
            }
        }
    }

    public async IAsyncEnumerable<(RecordKey Key, IssueRecord Issue)> IssuesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in tables.WithPrefixAsync(StateKeys.Of(RecordKey.Issues), cancellationToken))
        {
            yield return (StateKeys.Parse(record.Key.Span), RecordCodec.DecodeIssue(record.Payload.Span));
        }
    }

    /// <summary>Second numbers of the keys of a space under an id: entries of a directory, issues about an entry.</summary>
    public async IAsyncEnumerable<ulong> SubsAsync(
        byte space, ulong id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in tables.WithPrefixAsync(StateKeys.Of(space, id), cancellationToken))
        {
            yield return StateKeys.Sub(record.Key.Span);
        }
    }

    /// <summary>File reference of the root; 0 in an empty state.</summary>
    public async ValueTask<ulong> FindRootAsync(CancellationToken cancellationToken)
    {
        var payload = await tables.FindAsync(StateKeys.Of(StateKeys.Root), cancellationToken);
        return payload is { } bytes ? StateKeys.Id(bytes.Span) : 0;
    }
}
