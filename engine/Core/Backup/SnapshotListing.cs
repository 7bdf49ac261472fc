using Harness.Engine.Ports;

namespace Harness.Engine.Backup;

/// <summary>
/// The one listing of a snapshot, part of which is read ahead while the run waits for something else. Logical thread only.
/// </summary>
internal sealed class SnapshotListing(ISnapshot snapshot, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>What is read ahead at most: some 700 bytes an entry.</summary>
    private const int MostAhead = 32_768;

    private readonly Queue<SourceItem> _ahead = new();
    private IAsyncEnumerator<SourceItem>? _items;

    /// <summary>The item in hand, after a call of <see cref="NextAsync"/> that said true.</summary>
    public SourceItem Current { get; private set; }

    /// <summary>Lists until something else is done, or enough is read ahead.</summary>
    public async ValueTask ReadAheadAsync(Task other)
    {
        var items = Items();
        while (!other.IsCompleted && _ahead.Count < MostAhead && await items.MoveNextAsync())
        {
            _ahead.Enqueue(items.Current);
        }
    }

    /// <summary>Goes to the next item; false at the end.</summary>
    public async ValueTask<bool> NextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ahead.TryDequeue(out var item))
        {
            Current = item;
            return true;
        }

        var items = Items();
        var isThere = await items.MoveNextAsync();
        Current = isThere ? items.Current : default;
        return isThere;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _items?.DisposeAsync() ?? default;

    /// <summary>Begun when first needed: who goes by a change journal lists nothing.</summary>
    private IAsyncEnumerator<SourceItem> Items() =>
        _items ??= snapshot.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
}
