namespace Harness.Engine.Tables;

/// <summary>
/// Finds keys that mostly lie near one another: in each table the block of the last key is kept at hand, and a key that lies
/// within costs no search from the root and no allocation. One logical thread.
/// </summary>
internal sealed class NearbyFinder(TableSet tables)
{
    private readonly TableBlock?[] _blocks = new TableBlock?[tables.Tables.Count];

    /// <summary>
    /// The payload of a key, empty when there is none; false when blocks have to be read for an answer, which
    /// <see cref="FindAsync"/> does.
    /// </summary>
    public bool TryFind(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        foreach (var block in _blocks)
        {
            if (block is null || block.Count == 0)
            {
                return false;
            }

            var at = block.LowerBound(key);
            if (at < block.Count && block.KeyAt(at).SequenceEqual(key))
            {
                payload = block[at].Payload;
                return true;
            }

            // Between two keys of the block nothing else can be; beyond its ends there may be.
            if (at == 0 || at == block.Count)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The payload of a key, empty when there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> FindAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _blocks.Length; i++)
        {
            var block = await tables.Tables[i].LeafAsync(key, cancellationToken);
            _blocks[i] = block ?? _blocks[i];
            if (block is null)
            {
                continue;
            }

            var at = block.LowerBound(key.Span);
            if (at < block.Count && block.KeyAt(at).SequenceEqual(key.Span))
            {
                return block[at].Payload;
            }
        }

        return default;
    }
}
