using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Segments;
using Harness.Engine.State;
using Harness.Engine.Tables;

namespace Harness.Engine.Restore;

/// <summary>
/// Puts files into the order of their first data in the vault, so that packs are read front to back: sorted by segment first,
/// so that the index is walked and not jumped about in, then by place. Memory is bounded by two sorters. One logical thread.
/// </summary>
internal sealed class RestoreOrder(
    SourceState state, SegmentIndex index, IScratch scratch, KeyRing keys, IRandomSource random) : IDisposable
{
    private const long SorterBytes = 8 << 20;

    private readonly TableSorter _bySegment = new(scratch, keys, random, "by-segment-", SorterBytes);
    private readonly TableSorter _byPlace = new(scratch, keys, random, "by-place-", SorterBytes);

    /// <summary>Reparse points, made after everything else, so that nothing is written through one.</summary>
    public List<RestoreItem> Links { get; } = [];

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Takes every file of a selection; the directories are handed back, by path.</summary>
    public async ValueTask<List<RestoreItem>> AddAsync(RestoreSelection selection, CancellationToken cancellationToken)
    {
        var directories = new List<RestoreItem>();
        await foreach (var item in selection.ItemsAsync(cancellationToken))
        {
            if (item.Kind == EntryKind.Directory)
            {
                directories.Add(item);
                continue;
            }

            if (item.Kind == EntryKind.SymbolicLink)
            {
                Links.Add(item);
                continue;
            }

            TotalBytes += item.SizeBytes;
            if (await FirstSegmentAsync(item, cancellationToken) is { } segment)
            {
                await _bySegment.AddAsync(KeyOf(segment, 0, item), Encode(item), cancellationToken);
            }
            else
            {
                await _byPlace.AddAsync(KeyOf(default, 0, item), Encode(item), cancellationToken);
            }
        }

        for (var cursor = _bySegment.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            var item = Decode(cursor.Current);
            var place = await index.FindAsync(new Hash256(cursor.Current.Key.Span[..Hash256.Size]), cancellationToken);
            var key = KeyOf(place?.Pack.Hash ?? default, place?.Record.Offset ?? 0, item);
            var tail = cursor.Current.Key[(Hash256.Size + sizeof(uint))..];
            key = [.. key.AsSpan(0, Hash256.Size + sizeof(uint)), .. tail.Span];
            await _byPlace.AddAsync(key, cursor.Current.Payload.ToArray(), cancellationToken);
        }

        directories.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return directories;
    }

    /// <summary>The files in the order of their data.</summary>
    public async IAsyncEnumerable<RestoreItem> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var cursor = _byPlace.Sorted(); await cursor.NextAsync(cancellationToken);)
        {
            yield return Decode(cursor.Current);
        }
    }

    public void Dispose()
    {
        _bySegment.Dispose();
        _byPlace.Dispose();
    }

    private ValueTask<Hash256?> FirstSegmentAsync(in RestoreItem item, CancellationToken cancellationToken) => item.First!.IsInRegions
        ? FirstOfRegionsAsync(item.FileReference, cancellationToken)
        : ValueTask.FromResult(item.First.Segment);

    private async ValueTask<Hash256?> FirstOfRegionsAsync(ulong fileReference, CancellationToken cancellationToken)
    {
        var entry = (await state.FindEntryAsync(fileReference, cancellationToken))!;
        foreach (var stream in entry.Streams)
        {
            await foreach (var extent in state.ExtentsAsync(entry, stream, cancellationToken))
            {
                if (extent.Kind == ExtentKind.Data)
                {
                    return extent.Segment!.Id;
                }
            }
        }

        return null;
    }

    /// <summary>Files that begin at one place go by file reference, so the order is always the same.</summary>
    private static byte[] KeyOf(Hash256 hash, uint offset, in RestoreItem item)
    {
        // Of a file of several names each is an item of its own.
        var path = item.First is { IsOneOfNames: true } ? WireText.Encode(item.Path) : [];
        var key = new byte[Hash256.Size + sizeof(uint) + path.Length + sizeof(ulong)];
        path.CopyTo(key, Hash256.Size + sizeof(uint));
        hash.CopyTo(key);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(Hash256.Size), offset);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(key.Length - sizeof(ulong)), item.FileReference);
        return key;
    }

    private static byte[] Encode(in RestoreItem item)
    {
        var output = new WireWriter(64);
        output.VarInt(item.SizeBytes);
        output.Raw(WireText.Encode(item.Path));
        return output.ToArray();
    }

    private static RestoreItem Decode(in TableRecord record)
    {
        var reader = new WireReader(record.Payload.Span);
        var reference = BinaryPrimitives.ReadUInt64BigEndian(record.Key.Span[^sizeof(ulong)..]);
        var size = reader.Count(long.MaxValue);
        return new RestoreItem(WireText.Decode(reader.Raw(reader.Remaining)), reference, EntryKind.File, size);
    }
}
