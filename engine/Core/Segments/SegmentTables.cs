using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Tables;

namespace Harness.Engine.Segments;

/// <summary>
/// The segment tables of one vault in a scratch location: what index blobs were taken in, and what they say. Files are written
/// under new names and count only when the head names them. <see cref="TableDamagedException"/> when one cannot be read. One
/// logical thread.
/// </summary>
internal sealed class SegmentTables(IScratch scratch, Repository repository, IRandomSource random) : IDisposable
{
    private const long CacheBytes = 8 << 20;
    private const long SorterBytes = 16 << 20;

    private readonly string _head = $"{Convert.ToHexStringLower(repository.Keys.RepositoryId)}-segments";
    private readonly TableCache _cache = new(CacheBytes);
    private readonly List<(Table Table, long Segments)> _tables = [];
    private readonly List<Table> _retired = [];
    private long _number = 1;

    /// <summary>The tables laid over one another.</summary>
    public TableSet Set => new([.. _tables.Select(item => item.Table)]);

    /// <summary>Bytes of all filters.</summary>
    public long FilterBytes => _tables.Sum(item => (long)SegmentFilter.BytesOf(item.Segments));

    /// <summary>Opens what the scratch location has; nothing when that cannot be used.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (await SegmentHead.TryReadAsync(scratch, repository, _head, cancellationToken) is not { } head)
        {
            return;
        }

        _number = head.NextNumber;
        try
        {
            foreach (var (name, salt, segments) in head.Tables)
            {
                var table = await Table.OpenAsync(scratch, _cache, name, repository.Keys, cancellationToken);
                _tables.Add((table, segments));
                if (table.Salt != salt)
                {
                    throw new TableDamagedException(name, "it is of another time");
                }
            }
        }
        catch (TableDamagedException)
        {
            Reset();
        }
    }

    /// <summary>Forgets everything; the files go when something is added.</summary>
    public void Reset()
    {
        _retired.AddRange(_tables.Select(item => item.Table));
        _tables.Clear();
    }

    /// <summary>Takes index blobs in and saves. Memory is bounded by one of them.</summary>
    public async ValueTask AddAsync(
        IAsyncEnumerable<(Hash256 Blob, IReadOnlyList<IndexedPack> Packs)> blobs, CancellationToken cancellationToken)
    {
        using var sorter = NewSorter();
        var known = Set;
        long segments = 0;
        await foreach (var (blob, packs) in blobs)
        {
            foreach (var pack in packs)
            {
                await sorter.AddAsync(SegmentKeys.OfBlobPack(blob, pack.Hash), [], cancellationToken);
                if (await known.FindAsync(SegmentKeys.OfPack(pack.Hash), cancellationToken) is not null)
                {
                    // Index blobs were merged: its segments are here already.
                    continue;
                }

                await sorter.AddAsync(SegmentKeys.OfPack(pack.Hash), SegmentKeys.Encode(pack), cancellationToken);
                foreach (var segment in pack.Segments)
                {
                    await sorter.AddAsync(
                        SegmentKeys.OfPlace(segment.Id, pack.Hash), SegmentKeys.Encode(segment), cancellationToken);
                }

                segments += pack.Segments.Count;
            }

            await sorter.AddAsync(SegmentKeys.OfBlob(blob), [], cancellationToken);
        }

        await AddAsync(sorter, segments, cancellationToken);
    }

    /// <summary>
    /// Forgets index blobs that are gone and saves; false, and nothing is done, when one of them named a pack that no other names:
    /// then a prune has removed it, and what it held has to be forgotten too.
    /// </summary>
    public async ValueTask<bool> TryForgetAsync(IReadOnlySet<Hash256> blobs, CancellationToken cancellationToken)
    {
        using var sorter = NewSorter();
        var (forgotten, named) = (new HashSet<UInt128>(), new HashSet<UInt128>());
        var cursor = Set.Scan(SegmentKeys.OfSpace(SegmentKeys.BlobPacks));
        while (await cursor.NextAsync(cancellationToken) && cursor.Current.Key.Span[0] == SegmentKeys.BlobPacks)
        {
            var key = cursor.Current.Key;
            var isForgotten = blobs.Contains(SegmentKeys.Hash(key.Span));
            (isForgotten ? forgotten : named).Add(SegmentKeys.PackNumber(key.Span));
            if (isForgotten)
            {
                await sorter.AddAsync(key.ToArray(), payload: null, cancellationToken);
            }
        }

        if (!forgotten.IsSubsetOf(named))
        {
            return false;
        }

        foreach (var blob in blobs)
        {
            await sorter.AddAsync(SegmentKeys.OfBlob(blob), payload: null, cancellationToken);
        }

        await AddAsync(sorter, segments: 0, cancellationToken);
        return true;
    }

    /// <summary>The filters of all tables; at most <see cref="FilterBytes"/> of memory.</summary>
    public async ValueTask<SegmentFilter> ReadFilterAsync(CancellationToken cancellationToken)
    {
        var parts = new List<byte[]>(_tables.Count);
        foreach (var (table, segments) in _tables)
        {
            if (segments > table.LengthBytes)
            {
                throw new TableDamagedException(table.Name, "it is said to have more segments than it has room for");
            }

            var bits = new byte[SegmentFilter.BytesOf(segments)];
            var at = 0;
            for (var cursor = table.Scan(new[] { SegmentKeys.Filter }); await cursor.NextAsync(cancellationToken);)
            {
                var piece = cursor.Current.Payload;
                if (piece.Length > bits.Length - at)
                {
                    throw new TableDamagedException(table.Name, "its filter has another length");
                }

                piece.CopyTo(bits.AsMemory(at));
                at += piece.Length;
            }

            parts.Add(bits);
        }

        return parts.Count == 0 ? SegmentFilter.Empty : new SegmentFilter(parts);
    }

    public void Dispose()
    {
        foreach (var table in _tables.Select(item => item.Table).Concat(_retired))
        {
            table.Dispose();
        }
    }

    private TableSorter NewSorter() =>
        new(scratch, repository.Keys, random, $"{_head}-sort-{_number++}-", SorterBytes);

    private async ValueTask AddAsync(TableSorter sorter, long segments, CancellationToken cancellationToken)
    {
        await WriteAsync(0, sorter.Sorted(), segments, cancellationToken);
        await sorter.DeleteSpillsAsync(cancellationToken);
        await MergeAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    /// <summary>
    /// Merges the newest tables until each is less than half of the one below: so few tables are looked into, and a segment is
    /// rewritten a logarithmic number of times.
    /// </summary>
    private async ValueTask MergeAsync(CancellationToken cancellationToken)
    {
        var count = 1;
        var bytes = _tables[0].Table.RecordBytes;
        while (count < _tables.Count && _tables[count].Table.RecordBytes < bytes * 2)
        {
            bytes += _tables[count++].Table.RecordBytes;
        }

        if (count > 1)
        {
            var merged = _tables.Take(count).ToList();
            var cursor = new MergedCursor([.. merged.Select(item => item.Table.Scan(default))], dropDeleted: count == _tables.Count);
            await WriteAsync(count, cursor, merged.Sum(item => item.Segments), cancellationToken);
        }
    }

    /// <summary>Puts a table with these records in the place of the newest ones.</summary>
    private async ValueTask WriteAsync(int replaced, ITableCursor records, long segments, CancellationToken cancellationToken)
    {
        var name = $"{_head}-{_number++}";
        await SegmentTableWriter.WriteAsync(scratch, name, repository.Keys, random, records, segments, cancellationToken);
        var table = await Table.OpenAsync(scratch, _cache, name, repository.Keys, cancellationToken);
        _retired.AddRange(_tables.Take(replaced).Select(item => item.Table));
        _tables.RemoveRange(0, replaced);
        _tables.Insert(0, (table, segments));
    }

    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        var head = new SegmentHead(_number, [.. _tables.Select(item => (item.Table.Name, item.Table.Salt, item.Segments))]);
        await head.WriteAsync(scratch, repository, _head, random, cancellationToken);
        var kept = _tables.Select(item => item.Table.Name).Append(_head).ToHashSet(StringComparer.Ordinal);
        foreach (var file in await scratch.ListAsync(cancellationToken))
        {
            if (file.StartsWith(_head, StringComparison.Ordinal) && !kept.Contains(file))
            {
                await scratch.DeleteAsync(file, cancellationToken);
            }
        }
    }
}
