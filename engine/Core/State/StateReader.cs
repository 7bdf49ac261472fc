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

        var tables = new LayeredTables(scratch, repository.Keys, random, "state");
        foreach (var link in chain)
        {
            await ApplyAsync(tables, link, cancellationToken);
        }

        return new SourceState(tables.Set);
    }

    /// <summary>Lays the records of one commit, in full form, over those before.</summary>
    private async ValueTask ApplyAsync(LayeredTables tables, Commit commit, CancellationToken cancellationToken)
    {
        var before = tables.Set;
        using var writer = await tables.BeginAsync(cancellationToken);
        var name = "";
        await foreach (var record in ManifestReader.RecordsAsync(repository, commit, blob => name = blob, cancellationToken))
        {
            var key = StateKeys.Of(record.Key);
            var parent = record.Payload is null ? null : await before.FindAsync(key, cancellationToken);
            try
            {
                var full = record.Payload is null ? null : RecordCodec.Expand(record, parent?.ToArray());
                await writer.AddAsync(full is null ? TableRecord.Deleted(key) : TableRecord.Put(key, full), cancellationToken);
            }
            catch (InvalidDataException error)
            {
                throw Damage.In(name, error.Message, error);
            }
        }

        await tables.AddAsync(writer, cancellationToken);
    }
}
