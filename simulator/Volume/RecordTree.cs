namespace Harness.Simulator.Volume;

/// <summary>
/// The record table: a radix tree of pages of 64 records with fan-out 64. Every node carries the epoch that made it; a node
/// of an older epoch belongs to a snapshot too and is copied before the first change. A snapshot keeps the root and begins a
/// new epoch: O(1). One writer; frozen roots can be read from any thread.
/// </summary>
internal sealed class RecordTree
{
    private RecordRoot _root = new(new RecordNode(0), 1);

    /// <summary>Epoch of the nodes that may be changed in place.</summary>
    public long Epoch { get; private set; }

    /// <summary>Pages copied since the tree was made, for tests of cost.</summary>
    public long PagesCloned { get; private set; }

    /// <summary>Inner nodes copied since the tree was made, for tests of cost.</summary>
    public long NodesCloned { get; private set; }

    public RecordRoot Root => _root;

    /// <summary>Keeps the present state: the result never changes again.</summary>
    public RecordRoot Freeze()
    {
        Epoch++;
        return _root;
    }

    /// <summary>A record for change. The reference holds until the next call of Edit or Freeze.</summary>
    public ref FileRecord Edit(uint index)
    {
        while (index >= _root.Capacity)
        {
            var top = new RecordNode(Epoch);
            top.Children[0] = _root.Top;
            _root = new RecordRoot(top, _root.Height + 1);
        }

        var node = Own(_root.Top);
        _root = new RecordRoot(node, _root.Height);
        for (var level = _root.Height; level > 1; level--)
        {
            ref var slot = ref node.Children[RecordRoot.Slot(index, level)];
            slot = slot is RecordNode child ? Own(child) : new RecordNode(Epoch);
            node = (RecordNode)slot;
        }

        ref var pageSlot = ref node.Children[RecordRoot.Slot(index, 1)];
        pageSlot = pageSlot is RecordPage page ? Own(page) : new RecordPage(Epoch);
        return ref ((RecordPage)pageSlot).Records[index % RecordRoot.Fan];
    }

    private RecordNode Own(RecordNode node)
    {
        if (node.Epoch == Epoch)
        {
            return node;
        }

        NodesCloned++;
        return new RecordNode(Epoch, (object?[])node.Children.Clone());
    }

    private RecordPage Own(RecordPage page)
    {
        if (page.Epoch == Epoch)
        {
            return page;
        }

        PagesCloned++;
        return new RecordPage(Epoch, (FileRecord[])page.Records.Clone());
    }
}

/// <summary>The top of a record table at one moment.</summary>
internal readonly struct RecordRoot(RecordNode top, int height)
{
    public const int Fan = 64;

    private static readonly FileRecord Unused;

    public RecordNode Top { get; } = top;

    /// <summary>Levels of inner nodes, 1 or more.</summary>
    public int Height { get; } = height;

    /// <summary>Indexes below this fit.</summary>
    public ulong Capacity => 1UL << (6 * (Height + 1));

    public static int Slot(uint index, int level) => (int)((index >> (6 * level)) % Fan);

    /// <summary>A record; an unused one where there is none.</summary>
    public ref readonly FileRecord Get(uint index)
    {
        if (index >= Capacity)
        {
            return ref Unused;
        }

        var node = Top;
        for (var level = Height; level > 1; level--)
        {
            if (node.Children[Slot(index, level)] is not RecordNode child)
            {
                return ref Unused;
            }

            node = child;
        }

        return ref node.Children[Slot(index, 1)] is RecordPage page ? ref page.Records[index % Fan] : ref Unused;
    }
}

internal sealed class RecordNode(long epoch, object?[]? children = null)
{
    public long Epoch { get; } = epoch;

    public object?[] Children { get; } = children ?? new object?[RecordRoot.Fan];
}

internal sealed class RecordPage(long epoch, FileRecord[]? records = null)
{
    public long Epoch { get; } = epoch;

    public FileRecord[] Records { get; } = records ?? new FileRecord[RecordRoot.Fan];
}
