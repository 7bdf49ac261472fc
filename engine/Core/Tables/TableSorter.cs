using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Tables;

/// <summary>
/// Takes records in any order and gives them back ascending. What exceeds a bounded amount of memory goes to the scratch
/// location as sorted tables. Of records with one key the last counts. One logical thread.
/// </summary>
internal sealed class TableSorter(
    IScratch scratch, KeyRing keys, IRandomSource random, string namePrefix, long limitBytes) : IDisposable
{
    /// <summary>What a record costs in memory beside its bytes: two arrays and a list slot.</summary>
    private const int RecordOverheadBytes = 112;

    private readonly TableCache _cache = new(limitBytes / 4);
    private readonly List<Table> _spills = [];
    private List<Item> _items = [];
    private long _bytes;

    /// <summary>Tables written because memory did not suffice.</summary>
    public int Spills => _spills.Count;

    public async ValueTask AddAsync(byte[] key, byte[]? payload, CancellationToken cancellationToken)
    {
        _items.Add(new Item(PrefixOf(key), key, payload, _items.Count));
        _bytes += key.Length + (payload?.Length ?? 0) + RecordOverheadBytes;
        if (_bytes >= limitBytes)
        {
            await SpillAsync(cancellationToken);
        }
    }

    /// <summary>A walk over all records added so far; more may be added afterwards, for another walk.</summary>
    public ITableCursor Sorted()
    {
        Sort();
        ITableCursor memory = new ItemCursor(_items);
        return new MergedCursor([memory, .. _spills.AsEnumerable().Reverse().Select(spill => spill.Scan(default))], dropDeleted: false);
    }

    /// <summary>Deletes what was written to the scratch location.</summary>
    public async ValueTask DeleteSpillsAsync(CancellationToken cancellationToken)
    {
        foreach (var spill in _spills)
        {
            spill.Dispose();
            await scratch.DeleteAsync(spill.Name, cancellationToken);
        }

        _spills.Clear();
        _items = [];
    }

    public void Dispose()
    {
        foreach (var spill in _spills)
        {
            spill.Dispose();
        }
    }

    private async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        Sort();
        using var writer = await TableWriter.CreateAsync(
            scratch, $"{namePrefix}{_spills.Count}", keys, random, cancellationToken);
        foreach (var item in _items)
        {
            await writer.AddAsync(item.ToRecord(), cancellationToken);
        }

        await writer.FinishAsync(cancellationToken);
        _spills.Add(await Table.OpenAsync(scratch, _cache, writer.Name, keys, cancellationToken));
        _items = [];
        _bytes = 0;
    }

    private void Sort()
    {
        CollectionsMarshal.AsSpan(_items).Sort(static (a, b) =>
        {
            var order = a.Prefix.CompareTo(b.Prefix);
            order = order != 0 ? order : a.Key.AsSpan().SequenceCompareTo(b.Key);
            return order != 0 ? order : a.Ordinal.CompareTo(b.Ordinal);
        });
        var kept = 0;
        for (var i = 0; i < _items.Count; i++)
        {
            var isLast = i + 1 == _items.Count || !_items[i].Key.AsSpan().SequenceEqual(_items[i + 1].Key);
            if (isLast)
            {
                _items[kept++] = _items[i];
            }
        }

        _items.RemoveRange(kept, _items.Count - kept);
    }

    /// <summary>
    /// The first eight bytes as a number, with zeros behind a shorter key: it orders as the key does wherever it differs, and most keys
    /// are told apart without going to them.
    /// </summary>
    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private readonly record struct Item(ulong Prefix, byte[] Key, byte[]? Payload, int Ordinal)
    {
        public TableRecord ToRecord() => Payload is null ? TableRecord.Deleted(Key) : TableRecord.Put(Key, Payload);
    }

    private sealed class ItemCursor(List<Item> items) : ITableCursor
    {
        private int _at = -1;

        public TableRecord Current => items[_at].ToRecord();

        public ValueTask<bool> NextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < items.Count);
    }
}
