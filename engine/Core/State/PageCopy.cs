using Harness.Engine.Tables;

namespace Harness.Engine.State;

/// <summary>
/// Hands records on and, on the way, copies the fingerprints that page tables refer to from one pages file into another.
/// What cannot be read is left out: it is rebuilt when it is needed.
/// </summary>
internal sealed class PageCopy(ITableCursor inner, PageStore source, PageStore target) : ITableCursor
{
    public TableRecord Current { get; private set; }

    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!await inner.NextAsync(cancellationToken))
        {
            return false;
        }

        Current = inner.Current;
        if (Current.Key.Span[0] == StateKeys.Pages && !Current.IsDeleted)
        {
            var copied = await CopyAsync(PageTable.Decode(Current.Payload.Span), cancellationToken);
            Current = TableRecord.Put(Current.Key, copied.Encode());
        }

        return true;
    }

    private async ValueTask<PageTable> CopyAsync(PageTable table, CancellationToken cancellationToken)
    {
        var copied = new PageTable.Builder();
        foreach (var block in table.Blocks)
        {
            var fingerprints = new byte[block.LengthBytes];
            if (await source.ReadAsync(block.Offset, fingerprints, cancellationToken))
            {
                copied.Add(block with { Offset = await target.AppendAsync(fingerprints, cancellationToken) });
            }
        }

        return copied.Build();
    }
}
