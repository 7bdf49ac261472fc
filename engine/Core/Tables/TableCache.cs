using System.Runtime.InteropServices;

namespace Harness.Engine.Tables;

/// <summary>Blocks of tables that were read of late, up to a number of bytes. One logical thread.</summary>
internal sealed class TableCache(long limitBytes)
{
    private readonly Dictionary<Key, LinkedListNode<Entry>> _blocks = [];
    private readonly LinkedList<Entry> _recent = new();
    private long _bytes;

    /// <summary>Blocks that had to be read, for tests of cost.</summary>
    public long Misses { get; private set; }

    public TableBlock? Find(object table, uint ordinal)
    {
        if (!_blocks.TryGetValue(new Key(table, ordinal), out var node))
        {
            Misses++;
            return null;
        }

        if (!ReferenceEquals(_recent.First, node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
        }

        return node.Value.Block;
    }

    public void Add(object table, uint ordinal, TableBlock block)
    {
        var key = new Key(table, ordinal);
        _blocks[key] = _recent.AddFirst(new Entry(key, block));
        _bytes += block.MemoryBytes;
        while (_bytes > limitBytes && _recent.Count > 1)
        {
            var oldest = _recent.Last!.Value;
            _recent.RemoveLast();
            _blocks.Remove(oldest.Key);
            _bytes -= oldest.Block.MemoryBytes;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(object Table, uint Ordinal);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(Key Key, TableBlock Block);
}
