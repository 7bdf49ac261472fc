namespace Harness.Engine.Tables;

/// <summary>A walk over the records of one sorted source, ascending.</summary>
internal interface ITableCursor
{
    /// <summary>The record in hand, after a call of <see cref="NextAsync"/> that said true.</summary>
    TableRecord Current { get; }

    /// <summary>Goes to the next record; false at the end.</summary>
    ValueTask<bool> NextAsync(CancellationToken cancellationToken);
}

/// <summary>A walk over the records of one table from a key on. Blocks on the way are read once each.</summary>
internal sealed class TableCursor(Table table, ReadOnlyMemory<byte> from) : ITableCursor
{
    /// <summary>The blocks from the root down to the records, and where in each the walk is.</summary>
    private readonly Stack<(BlockPlace Place, TableBlock Block, int At)> _path = new();
    private bool _isBegun;

    public TableRecord Current { get; private set; }

    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            await DescendAsync(table.Root, seek: true, cancellationToken);
        }

        while (_path.TryPop(out var top))
        {
            if (top.At >= top.Block.Count)
            {
                continue;
            }

            _path.Push(top with { At = top.At + 1 });
            if (top.Place.Level == 0)
            {
                Current = top.Block[top.At];
                return true;
            }

            await DescendAsync(table.Below(top.Place, top.Block, top.At), seek: false, cancellationToken);
        }

        return false;
    }

    private async ValueTask DescendAsync(BlockPlace place, bool seek, CancellationToken cancellationToken)
    {
        while (true)
        {
            var block = await table.BlockAsync(place, cancellationToken);
            var at = seek ? block.LowerBound(from.Span) : 0;
            if (place.Level == 0)
            {
                _path.Push((place, block, at));
                return;
            }

            if (seek && at > 0 && (at == block.Count || !block.KeyAt(at).SequenceEqual(from.Span)))
            {
                at--;
            }

            _path.Push((place, block, at + 1));
            place = table.Below(place, block, at);
        }
    }
}
