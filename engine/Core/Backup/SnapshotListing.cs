using Harness.Engine.Ports;
using Harness.Engine.Rules;

namespace Harness.Engine.Backup;

/// <summary>
/// The one listing of a snapshot with what the rules say of each entry, part of which is made ahead while the run waits for
/// something else. Logical thread only.
/// </summary>
internal sealed class SnapshotListing(ISnapshot snapshot, RuleProfile profile, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>What is made ahead at most: some 800 bytes an entry.</summary>
    private const int MostAhead = 32_768;

    private readonly Queue<SourceItem> _ahead = new();
    private readonly Queue<EntryPlan?> _plans = new();
    private IAsyncEnumerator<SourceItem>? _items;

    /// <summary>The item in hand, after a call of <see cref="NextAsync"/> that said true.</summary>
    public SourceItem Current { get; private set; }

    /// <summary>What the rules say of it; null where trouble stands in place of an entry.</summary>
    public EntryPlan? Plan { get; private set; }

    /// <summary>Lists until something else is done, or enough is made ahead.</summary>
    public async ValueTask ReadAheadAsync(Task other)
    {
        var items = Items();
        while (!other.IsCompleted && _ahead.Count < MostAhead && await items.MoveNextAsync())
        {
            _ahead.Enqueue(items.Current);
            _plans.Enqueue(PlanOf(items.Current));
        }
    }

    /// <summary>Goes to the next item; false at the end.</summary>
    public async ValueTask<bool> NextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ahead.TryDequeue(out var item))
        {
            (Current, Plan) = (item, _plans.Dequeue());
            return true;
        }

        var items = Items();
        var isThere = await items.MoveNextAsync();
        Current = isThere ? items.Current : default;
        Plan = isThere ? PlanOf(Current) : null;
        return isThere;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _items?.DisposeAsync() ?? default;

    private EntryPlan? PlanOf(SourceItem item) => item.Entry is { } entry ? EntryPlan.For(profile, entry) : null;

    /// <summary>Begun when first needed: who goes by a change journal lists nothing.</summary>
    private IAsyncEnumerator<SourceItem> Items() =>
        _items ??= snapshot.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
}
