using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Tables;

namespace Harness.Engine.State;

/// <summary>
/// Reads the state of a recovery point from its chain of manifests into tables of a temporary scratch location. Memory is
/// bounded by one manifest part. One logical thread.
/// </summary>
internal sealed class StateReader(Repository repository, CommitLog log, IScratch scratch, IRandomSource random)
{
    private const long CacheBytes = 16 << 20;

    private readonly TableCache _cache = new(CacheBytes);
    private int _number;

    /// <summary>The whole state; to be disposed before the scratch location.</summary>
    public async ValueTask<SourceState> ReadAsync(Commit commit, CancellationToken cancellationToken)
    {
        var chain = new Stack<Commit>();
        chain.Push(commit);
        while (chain.Peek().Document.Sequence > commit.Document.ChainStart)
        {
            chain.Push(await log.ReadParentAsync(chain.Peek(), cancellationToken));
        }

        if (!chain.Peek().Document.Checkpoint)
        {
            throw Damage.In(
                BlobNames.Commit(commit.SourceId, commit.Document.ChainStart), "it should be a checkpoint and is none");
        }

        var tables = new List<Table>();
        foreach (var link in chain)
        {
            tables.Insert(0, await ApplyAsync(new TableSet([.. tables]), link, cancellationToken));
            await MergeAsync(tables, cancellationToken);
        }

        return new SourceState(new TableSet([.. tables]));
    }

    /// <summary>Writes the records of one commit, in full form, as a table to lay over those before.</summary>
    private async ValueTask<Table> ApplyAsync(TableSet before, Commit commit, CancellationToken cancellationToken)
    {
        using var writer = await CreateAsync(cancellationToken);
        byte[] last = [];
        await foreach (var (name, records) in ManifestReader.PartsAsync(repository, commit, cancellationToken))
        {
            foreach (var record in records)
            {
                var key = StateKeys.Of(record.Key);
                if (last.AsSpan().SequenceCompareTo(key) >= 0)
                {
                    throw Damage.In(name, "its records do not follow those of the part before");
                }

                last = key;
                await writer.AddAsync(await ExpandAsync(before, key, record, name, cancellationToken), cancellationToken);
            }
        }

        return await FinishAsync(writer, cancellationToken);
    }

    private static async ValueTask<TableRecord> ExpandAsync(
        TableSet before, byte[] key, KeyedRecord record, string name, CancellationToken cancellationToken)
    {
        if (record.Payload is null)
        {
            return TableRecord.Deleted(key);
        }

        var parent = await before.FindAsync(key, cancellationToken);
        try
        {
            return TableRecord.Put(key, RecordCodec.Expand(record, parent?.ToArray()));
        }
        catch (InvalidDataException error)
        {
            throw Damage.In(name, error.Message, error);
        }
    }

    /// <summary>Merges the newest tables until each is less than half of the one below, so that few are looked into.</summary>
    private async ValueTask MergeAsync(List<Table> tables, CancellationToken cancellationToken)
    {
        var count = 1;
        var bytes = tables[0].RecordBytes;
        while (count < tables.Count && tables[count].RecordBytes < bytes * 2)
        {
            bytes += tables[count++].RecordBytes;
        }

        if (count == 1)
        {
            return;
        }

        var old = tables.Take(count).ToList();
        var merged = new MergedCursor([.. old.Select(table => table.Scan(default))], dropDeleted: count == tables.Count);
        using var writer = await CreateAsync(cancellationToken);
        while (await merged.NextAsync(cancellationToken))
        {
            await writer.AddAsync(merged.Current, cancellationToken);
        }

        tables.RemoveRange(0, count);
        tables.Insert(0, await FinishAsync(writer, cancellationToken));
        foreach (var table in old)
        {
            table.Dispose();
            await scratch.DeleteAsync(table.Name, cancellationToken);
        }
    }

    private ValueTask<TableWriter> CreateAsync(CancellationToken cancellationToken) =>
        TableWriter.CreateAsync(scratch, $"state-{_number++}", repository.Keys, random, cancellationToken);

    private async ValueTask<Table> FinishAsync(TableWriter writer, CancellationToken cancellationToken)
    {
        await writer.FinishAsync(cancellationToken, durable: false);
        return await Table.OpenAsync(scratch, _cache, writer.Name, repository.Keys, cancellationToken);
    }
}
