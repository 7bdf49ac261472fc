using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Tables;

/// <summary>
/// Tables of a temporary scratch location laid over one another, for one job: each change is a table of its own, and the newest
/// are merged so that few are looked into and a record is rewritten a logarithmic number of times. One logical thread.
/// </summary>
internal sealed class LayeredTables(IScratch scratch, KeyRing keys, IRandomSource random, string namePrefix) : IDisposable
{
    private const long CacheBytes = 16 << 20;

    private readonly TableCache _cache = new(CacheBytes);
    private readonly List<Table> _tables = [];
    private int _number;

    /// <summary>What the tables say together; valid until the next change.</summary>
    public TableSet Set => new([.. _tables]);

    /// <summary>Begins a table; to be disposed by the caller.</summary>
    public ValueTask<TableWriter> BeginAsync(CancellationToken cancellationToken) =>
        TableWriter.CreateAsync(scratch, $"{namePrefix}-{_number++}", keys, random, cancellationToken);

    /// <summary>Lays a table over the others.</summary>
    public async ValueTask AddAsync(TableWriter writer, CancellationToken cancellationToken)
    {
        await InsertAsync(0, writer, cancellationToken);
        await MergeAsync(cancellationToken);
    }

    /// <summary>Puts a table in the place of all others.</summary>
    public ValueTask ReplaceAsync(TableWriter writer, CancellationToken cancellationToken) =>
        InsertAsync(_tables.Count, writer, cancellationToken);

    /// <summary>Forgets everything.</summary>
    public async ValueTask ClearAsync(CancellationToken cancellationToken)
    {
        foreach (var table in _tables)
        {
            table.Dispose();
            await scratch.DeleteAsync(table.Name, cancellationToken);
        }

        _tables.Clear();
    }

    public void Dispose()
    {
        foreach (var table in _tables)
        {
            table.Dispose();
        }
    }

    /// <summary>Finishes a table and puts it in the place of the newest others.</summary>
    private async ValueTask InsertAsync(int replaced, TableWriter writer, CancellationToken cancellationToken)
    {
        await writer.FinishAsync(cancellationToken, durable: false);
        var table = await Table.OpenAsync(scratch, _cache, writer.Name, keys, cancellationToken);
        foreach (var old in _tables.Take(replaced))
        {
            old.Dispose();
            await scratch.DeleteAsync(old.Name, cancellationToken);
        }

        _tables.RemoveRange(0, replaced);
        _tables.Insert(0, table);
    }

    private async ValueTask MergeAsync(CancellationToken cancellationToken)
    {
        var count = 1;
        var bytes = _tables[0].RecordBytes;
        while (count < _tables.Count && _tables[count].RecordBytes < bytes * 2)
        {
            bytes += _tables[count++].RecordBytes;
        }

        if (count == 1)
        {
            return;
        }

        var merged = new MergedCursor(
            [.. _tables.Take(count).Select(table => table.Scan(default))], dropDeleted: count == _tables.Count);
        using var writer = await BeginAsync(cancellationToken);
        while (await merged.NextAsync(cancellationToken))
        {
            await writer.AddAsync(merged.Current, cancellationToken);
        }

        await InsertAsync(count, writer, cancellationToken);
    }
}
