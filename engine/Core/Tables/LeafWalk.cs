namespace Harness.Engine.Tables;

/// <summary>A walk over the blocks of records of one table, ascending, from the one on in which a key may be. One logical thread.</summary>
internal sealed class LeafWalk(Table table, ReadOnlyMemory<byte> from)
{
    /// <summary>The index blocks from the root down, and which entry of each comes next.</summary>
    private readonly Stack<(BlockPlace Place, TableBlock Block, int At)> _path = new();
    private bool _isBegun;

    /// <summary>The next block, or null at the end.</summary>
    public async ValueTask<TableBlock?> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            return await DescendAsync(table.Root, seek: true, cancellationToken);
        }

        while (_path.TryPop(out var top))
        {
            if (top.At < top.Block.Count)
            {
                _path.Push(top with { At = top.At + 1 });
                return await DescendAsync(table.Below(top.Place, top.Block, top.At), seek: false, cancellationToken);
            }
        }

        return null;
    }

    private async ValueTask<TableBlock> DescendAsync(BlockPlace place, bool seek, CancellationToken cancellationToken)
    {
        while (true)
        {
            var block = await table.BlockAsync(place, cancellationToken);
            if (place.Level == 0)
            {
                return block;
            }

            var at = seek ? block.LowerBound(from.Span) : 0;
            if (seek && at > 0 && (at == block.Count || !block.KeyAt(at).SequenceEqual(from.Span)))
            {
                at--;
            }

            _path.Push((place, block, at + 1));
            place = table.Below(place, block, at);
        }
    }
}
