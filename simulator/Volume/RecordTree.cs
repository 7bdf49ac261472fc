namespace Harness.Simulator.Volume;

/// <summary>
/// The record table: a radix tree of pages of 64 records with fan-out 64. Every node carries the epoch that made it; a node
/// of an older epoch belongs to a snapshot too and is copied before the first change. A snapshot keeps the root and begins a
/// new epoch: O(1). A slot may hold a <see cref="GeneratedTree"/> in place of the nodes below it. One writer; frozen roots can
/// be read from any thread.
/// </summary>
internal sealed class RecordTree
{
    private const int HotPages = 64;

    /// <summary>Pages changed lately. One that is of the present epoch is what the tree holds under its number.</summary>
    private readonly RecordPage?[] _hot = new RecordPage[HotPages];

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
        var number = index / RecordRoot.Fan;
        ref var hot = ref _hot[number % HotPages];
        if (hot is not { } page || page.Number != number || page.Epoch != Epoch)
        {
            hot = page = OwnPage(index);
        }

        var slot = (int)(index % RecordRoot.Fan);
        page.Touched |= 1UL << slot;
        return ref page.Records[slot];
    }

    /// <summary>Puts a generated tree into slots that hold nothing: as many as its size has digits, not as many as it has pages.</summary>
    public void Place(GeneratedTree tree)
    {
        GrowTo(((ulong)tree.EndPage * RecordRoot.Fan) - 1);
        var top = Own(_root.Top);
        _root = new RecordRoot(top, _root.Height);
        Place(top, _root.Height, 0, tree);
    }

    private void Place(RecordNode node, int level, ulong firstPage, GeneratedTree tree)
    {
        var pages = 1UL << (6 * (level - 1));
        for (var slot = 0; slot < RecordRoot.Fan; slot++)
        {
            var from = firstPage + ((ulong)slot * pages);
            var to = from + pages;
            if (to <= tree.FirstPage || from >= tree.EndPage)
            {
                continue;
            }

            ref var child = ref node.Children[slot];
            if (from >= tree.FirstPage && to <= tree.EndPage)
            {
                child = tree;
                continue;
            }

            var inner = child is RecordNode shared ? Own(shared) : new RecordNode(Epoch);
            child = inner;
            Place(inner, level - 1, from, tree);
        }
    }

    private void GrowTo(ulong index)
    {
        while (index >= _root.Capacity)
        {
            var top = new RecordNode(Epoch);
            top.Children[0] = _root.Top;
            _root = new RecordRoot(top, _root.Height + 1);
        }
    }

    private RecordPage OwnPage(uint index)
    {
        GrowTo(index);
        var node = Own(_root.Top);
        _root = new RecordRoot(node, _root.Height);
        for (var level = _root.Height; level > 1; level--)
        {
            ref var slot = ref node.Children[RecordRoot.Slot(index, level)];
            var child = slot switch
            {
                RecordNode shared => Own(shared),
                GeneratedTree tree => new RecordNode(Epoch, tree),
                _ => new RecordNode(Epoch),
            };
            slot = child;
            node = child;
        }

        ref var pageSlot = ref node.Children[RecordRoot.Slot(index, 1)];
        var number = index / RecordRoot.Fan;
        var page = pageSlot switch
        {
            RecordPage shared => Own(shared),
            GeneratedTree tree => Own(tree.Page(number)),
            _ => new RecordPage(Epoch, number),
        };
        pageSlot = page;
        return page;
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
        return new RecordPage(Epoch, page);
    }
}
