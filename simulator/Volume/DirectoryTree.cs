namespace Harness.Simulator.Volume;

/// <summary>
/// The children of one directory: a B+ tree keyed by the folded name (by the exact name on a case-sensitive volume), with the
/// same epochs as the record table. A tree of an older epoch is never altered: <see cref="ForChange"/> gives one that may be.
/// Leaves that run empty are dropped; others are not merged, which costs space only. The children of a generated directory
/// take no nodes until they change.
/// </summary>
internal sealed class DirectoryTree : IEquatable<DirectoryTree>
{
    private readonly NameStore _names;
    private readonly bool _fold;
    private readonly GeneratedDirectory? _generated;
    private DirectoryNode _root;

    /// <summary>
    /// Where the last name was added: names mostly come in order, so the next one mostly belongs beside it. Written by changes
    /// only, so a tree of an older epoch may be read from any thread.
    /// </summary>
    private DirectoryNode? _finger;
    private int _fingerAt;
    private bool _fingerIsLast;

    public DirectoryTree(NameStore names, bool fold, long epoch)
        : this(names, fold, epoch, new DirectoryNode(epoch), 0)
    {
    }

    /// <summary>The children of a generated directory, as they were generated.</summary>
    public DirectoryTree(NameStore names, bool fold, GeneratedDirectory generated)
        : this(names, fold, RecordPage.GeneratedEpoch, DirectoryNode.Empty, generated.Count) => _generated = generated;

    private DirectoryTree(NameStore names, bool fold, long epoch, DirectoryNode root, int count)
    {
        _names = names;
        _fold = fold;
        Epoch = epoch;
        _root = root;
        Count = count;
    }

    public long Epoch { get; }

    public int Count { get; private set; }

    /// <summary>The generated directory whose children these are, unchanged; null when they are not.</summary>
    public GeneratedDirectory? Generated => _generated;

    /// <summary>This tree, or a copy when it belongs to an older epoch.</summary>
    public DirectoryTree ForChange(long currentEpoch) => currentEpoch == Epoch
        ? this
        : new DirectoryTree(
            _names,
            _fold,
            currentEpoch,
            _generated is null ? _root : DirectoryNode.Build(currentEpoch, _generated.Items()),
            Count);

    /// <summary>Whether both are one tree, or both the unchanged children of one generated directory.</summary>
    public bool Equals(DirectoryTree? other) =>
        ReferenceEquals(this, other) || (_generated is not null && _generated == other?._generated);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DirectoryTree);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _generated?.GetHashCode() ?? System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public DirectoryItem? Find(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        if (_generated is not null)
        {
            return _generated.Find(key, _fold);
        }

        if (IsAtFinger(key, out var at, out var isFound))
        {
            return isFound ? _finger!.Items[at] : null;
        }

        var node = _root;
        while (node.Children is { } children)
        {
            node = children[ChildSlot(node, key)];
        }

        at = LowerBound(node, key, out isFound);
        return isFound ? node.Items[at] : null;
    }

    /// <summary>Adds a name that is not there yet.</summary>
    public void Add(ReadOnlySpan<char> name, DirectoryItem item)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        Count++;
        if (IsAtFinger(key, out var at, out _) && at > 0 && _finger!.Count < DirectoryNode.Fan - 1)
        {
            // Neither the first key of the leaf nor the number of leaves changes, so nothing above it does.
            _finger.Insert(at, item, null);
            _fingerAt = at;
            return;
        }

        _finger = null;
        _root = Add(_root, key, item, isLast: true, out var split);
        if (split is not null)
        {
            _finger = null;
            _root = new DirectoryNode(Epoch, [_root, split]);
        }
    }

    /// <summary>Removes a name that is there.</summary>
    public void Remove(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[name.Length];
        Key(name, key);
        _finger = null;
        _root = Remove(_root, key) ?? new DirectoryNode(Epoch);
        Count--;
    }

    /// <summary>All items in the order of the keys. The tree must not change meanwhile.</summary>
    public void CopyTo(List<DirectoryItem> items)
    {
        if (_generated is not null)
        {
            items.AddRange(_generated.Items());
            return;
        }

        items.EnsureCapacity(items.Count + Count);
        CopyTo(_root, items);
    }

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
        if (_fold)
        {
            NameStore.Fold(name, key);
        }
        else
        {
            name.CopyTo(key);
        }
    }

    /// <summary>Whether the finger tells where a key is, or where it belongs.</summary>
    private bool IsAtFinger(ReadOnlySpan<char> key, out int at, out bool isFound)
    {
        at = _fingerAt;
        isFound = false;
        if (_finger is not { } leaf)
        {
            return false;
        }

        var order = _names.Compare(leaf.Items[at].NameRef, key, _fold);
        isFound = order == 0;
        if (order >= 0)
        {
            return isFound;
        }

        if (++at == leaf.Count)
        {
            return _fingerIsLast;
        }

        order = _names.Compare(leaf.Items[at].NameRef, key, _fold);
        isFound = order == 0;
        return order >= 0;
    }

    private DirectoryNode Add(
        DirectoryNode shared, ReadOnlySpan<char> key, DirectoryItem item, bool isLast, out DirectoryNode? split)
    {
        var node = shared.ForChange(Epoch);
        if (node.Children is null)
        {
            var at = LowerBound(node, key, out _);
            node.Insert(at, item, null);
            (_finger, _fingerAt, _fingerIsLast) = (node, at, isLast);
        }
        else
        {
            var slot = ChildSlot(node, key);
            var child = Add(node.Children[slot], key, item, isLast && slot == node.Count - 1, out var childSplit);
            node.Children[slot] = child;
            node.Items[slot] = child.Items[0];
            if (childSplit is not null)
            {
                node.Insert(slot + 1, childSplit.Items[0], childSplit);
            }
        }

        if (node.Count == DirectoryNode.Fan)
        {
            _finger = null;
            split = node.SplitOff(isLast);
        }
        else
        {
            split = null;
        }

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
            var order = _names.Compare(items[middle].NameRef, key, _fold);
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
