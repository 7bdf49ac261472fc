namespace Harness.Simulator.Kernel;

/// <summary>The operations of ports that were begun and have not ended: what a stuck run waits for. One thread.</summary>
internal sealed class PendingOperations
{
    private readonly List<Item> _items = [];

    /// <summary>Places in the list whose operation has ended.</summary>
    private readonly Stack<int> _free = [];
    private long _last;

    /// <summary>What is under way, oldest first; what was begun by someone who is gone is not.</summary>
    public IReadOnlyList<string> List() =>
    [
        .. _items.Where(item => item.Number > 0 && item.Owner is not { IsGone: true })
            .OrderBy(item => item.Number)
            .Select(item => $"{item.Operation} {item.Key}".TrimEnd()),
    ];

    /// <summary>Begins one.</summary>
    public PendingOperation Begin(string operation, string key, IWorkOwner? owner)
    {
        var item = new Item(++_last, operation, key, owner);
        if (_free.TryPop(out var place))
        {
            _items[place] = item;
        }
        else
        {
            place = _items.Count;
            _items.Add(item);
        }

        return new PendingOperation(this, place, _last);
    }

    /// <summary>Ends one.</summary>
    public void End(int place, long number)
    {
        if (_items[place].Number == number)
        {
            _items[place] = default;
            _free.Push(place);
        }
    }

    /// <summary>An operation under way; number 0 is none.</summary>
    private readonly record struct Item(long Number, string Operation, string Key, IWorkOwner? Owner);
}
