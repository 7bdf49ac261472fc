using System.Runtime.InteropServices;

namespace Harness.Simulator.Volume;

/// <summary>One name in a directory.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DirectoryItem(uint File, uint NameRef);

/// <summary>
/// The children of one directory: a B+ tree keyed by the folded name (by the exact name on a case-sensitive volume), with the
/// same epochs as the record table. A tree of an older epoch is never altered: <see cref="ForChange"/> gives one that may be.
/// Leaves that run empty are dropped; others are not merged, which costs space only.
/// </summary>
internal sealed class DirectoryTree(NameStore names, bool fold, long epoch)
{
    private DirectoryNode _root = new(epoch);

    public long Epoch { get; } = epoch;

    public int Count { get; private set; }

    /// <summary>This tree, or a copy when it belongs to an older epoch.</summary>
    public DirectoryTree ForChange(long currentEpoch) => currentEpoch == Epoch
        ? this
        : new DirectoryTree(names, fold, currentEpoch) { _root = _root, Count = Count };

    public DirectoryItem? Find(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        var node = _root;
        while (node.Children is { } children)
        {
            node = children[ChildSlot(node, key)];
        }

        var at = LowerBound(node, key, out var isFound);
        return isFound ? node.Items[at] : null;
    }

    /// <summary>Adds a name that is not there yet.</summary>
    public void Add(ReadOnlySpan<char> name, DirectoryItem item)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        _root = Add(_root, key, item, out var split);
        if (split is not null)
        {
            var top = new DirectoryNode(Epoch, [_root, split]);
            _root = top;
        }

        Count++;
    }

    /// <summary>Removes a name that is there.</summary>
    public void Remove(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        _root = Remove(_root, key) ?? new DirectoryNode(Epoch);
        Count--;
    }

    /// <summary>All items in the order of the keys. The tree must not change meanwhile.</summary>
    public void CopyTo(List<DirectoryItem> items) => CopyTo(_root, items);

    private static void CopyTo(DirectoryNode node, List<DirectoryItem> items)
    {
        if (node.Children is not { } children)
        {
            items.AddRange(node.Items.AsSpan(0, node.Count));
            return;
        }

        for (var i = 0; i < node.Count; i++)
        {
            CopyTo(children[i], items);
        }
    }

    private void Key(ReadOnlySpan<char> name, Span<char> key)
    {
        if (fold)
        {
            NameStore.Fold(name, key);
        }
        else
        {
            name.CopyTo(key);
        }
    }

    private DirectoryNode Add(DirectoryNode shared, ReadOnlySpan<char> key, DirectoryItem item, out DirectoryNode? split)
    {
        var node = shared.ForChange(Epoch);
        if (node.Children is null)
        {
            node.Insert(LowerBound(node, key, out _), item, null);
        }
        else
        {
            var slot = ChildSlot(node, key);
            var child = Add(node.Children[slot], key, item, out var childSplit);
            node.Children[slot] = child;
            node.Items[slot] = child.Items[0];
            if (childSplit is not null)
            {
                node.Insert(slot + 1, childSplit.Items[0], childSplit);
            }
        }

        split = node.Count == DirectoryNode.Fan ? node.SplitOff() : null;
        return node;
    }

    private DirectoryNode? Remove(DirectoryNode shared, ReadOnlySpan<char> key)
    {
        var node = shared.ForChange(Epoch);
        if (node.Children is null)
        {
            node.RemoveAt(LowerBound(node, key, out _));
        }
        else
        {
            var slot = ChildSlot(node, key);
            if (Remove(node.Children[slot], key) is { } child)
            {
                node.Children[slot] = child;
            }
            else
            {
                node.RemoveAt(slot);
            }
        }

        return node.Count == 0 ? null : node;
    }

    /// <summary>The last child whose first key is not above the key; the first one when all are.</summary>
    private int ChildSlot(DirectoryNode node, ReadOnlySpan<char> key)
    {
        var at = LowerBound(node, key, out var isFound);
        return isFound ? at : Math.Max(at - 1, 0);
    }

    /// <summary>The first item whose key is not below the key, and whether it is the key; keys are unique.</summary>
    private int LowerBound(DirectoryNode node, ReadOnlySpan<char> key, out bool isFound)
    {
        var items = node.Items.AsSpan(0, node.Count);
        var low = 0;
        var high = items.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = names.Compare(items[middle].NameRef, key, fold);
            if (order == 0)
            {
                isFound = true;
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        isFound = false;
        return low;
    }
}

/// <summary>A leaf (items only), or an inner node (children, and a lower bound of each child's keys beside it).</summary>
internal sealed class DirectoryNode
{
    public const int Fan = 128;

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

    /// <summary>Moves the upper half into a new node.</summary>
    public DirectoryNode SplitOff()
    {
        var keep = Count / 2;
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
