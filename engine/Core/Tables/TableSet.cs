using System.Runtime.CompilerServices;

namespace Harness.Engine.Tables;

/// <summary>Tables laid over one another, the newest first: what they say together. One logical thread.</summary>
internal sealed class TableSet(IReadOnlyList<Table> newestFirst) : IDisposable
{
    public static TableSet Empty { get; } = new([]);

    public IReadOnlyList<Table> Tables => newestFirst;

    /// <summary>The payload of a key, or null when there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        foreach (var table in newestFirst)
        {
            if (await table.FindAsync(key, cancellationToken) is { } record)
            {
                return record.IsDeleted ? default(ReadOnlyMemory<byte>?) : record.Payload;
            }
        }

        return null;
    }

    /// <summary>A walk over what is there, from a key on.</summary>
    public ITableCursor Scan(ReadOnlyMemory<byte> from) =>
        newestFirst is [var only]
            ? new MergedCursor([only.Scan(from)], dropDeleted: true)
            : new MergedCursor([.. newestFirst.Select(table => table.Scan(from))], dropDeleted: true);

    /// <summary>What is there under a prefix.</summary>
    public async IAsyncEnumerable<TableRecord> WithPrefixAsync(
        byte[] prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = Scan(prefix);
        while (await cursor.NextAsync(cancellationToken) && cursor.Current.Key.Span.StartsWith(prefix))
        {
            yield return cursor.Current;
        }
    }

    public void Dispose()
    {
        foreach (var table in newestFirst)
        {
            table.Dispose();
        }
    }
}
