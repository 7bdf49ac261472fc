namespace Harness.Simulator.Volume;

/// <summary>A leaf (items only), or an inner node (children, and a lower bound of each child's keys beside it).</summary>
internal sealed class DirectoryNode
{
    public const int Fan = 128;

    public static readonly DirectoryNode Empty = new(RecordPage.GeneratedEpoch);

    private readonly long _epoch;

    public DirectoryNode(long epoch)
    {
        _epoch = epoch;
        Items = [];
    }

    public DirectoryNode(long epoch, DirectoryNode[] children)
    {
        _epoch = epoch;
        Children = children;
        Count = children.Length;
        Items = [.. children.Select(child => child.Items[0])];
    }

    private DirectoryNode(long epoch, DirectoryItem[] items, DirectoryNode[]? children, int count)
    {
        _epoch = epoch;
        Items = items;
        Children = children;
        Count = count;
    }

    /// <summary>A tree over items that are in order, its leaves three quarters full.</summary>
    public static DirectoryNode Build(long epoch, DirectoryItem[] items)
    {
        const int fill = Fan * 3 / 4;
        if (items.Length < Fan)
        {
            return new DirectoryNode(epoch, items, null, items.Length);
        }

        DirectoryNode[] level = [.. items.Chunk(fill).Select(part => new DirectoryNode(epoch, part, null, part.Length))];
        while (level.Length > 1)
        {
            level = [.. level.Chunk(fill).Select(part => new DirectoryNode(epoch, part))];
        }

        return level[0];
    }

    public int Count { get; private set; }

    public DirectoryItem[] Items { get; private set; }

    public DirectoryNode[]? Children { get; private set; }

    public DirectoryNode ForChange(long epoch) => epoch == _epoch
        ? this
        : new DirectoryNode(epoch, (DirectoryItem[])Items.Clone(), (DirectoryNode[]?)Children?.Clone(), Count);

    public void Insert(int at, DirectoryItem item, DirectoryNode? child)
    {
        if (Count == Items.Length)
        {
            var capacity = Math.Min(Fan, Math.Max(4, Count * 2));
            Items = Grow(Items, capacity);
            Children = Children is null ? null : Grow(Children, capacity);
        }

        Array.Copy(Items, at, Items, at + 1, Count - at);
        Items[at] = item;
        if (Children is not null)
        {
            Array.Copy(Children, at, Children, at + 1, Count - at);
            Children[at] = child!;
        }

        Count++;
    }

    public void RemoveAt(int at)
    {
        Count--;
        Array.Copy(Items, at + 1, Items, at, Count - at);
        if (Children is not null)
        {
            Array.Copy(Children, at + 1, Children, at, Count - at);
            Children[Count] = null!;
        }
    }

    /// <summary>
    /// Moves the upper half into a new node; of the last node of its level only an eighth, since names that come in order go
    /// on behind it and never return.
    /// </summary>
    public DirectoryNode SplitOff(bool isLast)
    {
        var keep = isLast ? Count * 7 / 8 : Count / 2;
        var upper = new DirectoryNode(_epoch, Items[keep..Count], Children?[keep..Count], Count - keep);
        Items = Items[..keep];
        Children = Children?[..keep];
        Count = keep;
        return upper;
    }

    private static T[] Grow<T>(T[] array, int capacity)
    {
        var grown = new T[capacity];
        array.CopyTo(grown, 0);
        return grown;
    }
}
