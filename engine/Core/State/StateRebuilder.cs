using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.State;

/// <summary>
/// Brings the state in the scratch location to a recovery point, from the manifests in the vault: only from those that are
/// missing when the state is of an earlier point of the same history, else from the checkpoint on. Page fingerprints of what
/// changed are not in the vault; they come back as ranges are compared. Memory is bounded by one manifest part.
/// </summary>
internal sealed class StateRebuilder(Repository repository, CommitLog log, StateStore store)
{
    public async ValueTask RebuildAsync(Commit commit, CancellationToken cancellationToken)
    {
        var missing = new Stack<Commit>();
        for (var link = commit; ; link = await log.ReadParentAsync(link, cancellationToken))
        {
            if (store.Of is { } known && known.Sequence == link.Document.Sequence && known.CommitHash == link.Hash)
            {
                break;
            }

            missing.Push(link);
            if (link.Document.Checkpoint)
            {
                store.Reset();
                break;
            }

            if (link.Document.Sequence == commit.Document.ChainStart)
            {
                throw Damage.In(
                    BlobNames.Commit(commit.SourceId, link.Document.Sequence), "it should be a checkpoint and is none");
            }
        }

        foreach (var link in missing)
        {
            await ApplyAsync(link, cancellationToken);
        }

        await store.SaveAsync(commit, cancellationToken);
    }

    private async ValueTask ApplyAsync(Commit commit, CancellationToken cancellationToken)
    {
        using var pending = store.Begin(cancellationToken);
        await foreach (var (name, records) in ManifestReader.PartsAsync(repository, commit, cancellationToken))
        {
            foreach (var record in records)
            {
                try
                {
                    await ApplyAsync(pending.Changes, record, cancellationToken);
                }
                catch (InvalidDataException error)
                {
                    throw Damage.In(name, error.Message, error);
                }
            }
        }

        await store.ApplyAsync(pending, cancellationToken);
        await pending.Sorter.DeleteSpillsAsync(cancellationToken);
    }

    private async ValueTask ApplyAsync(StateChanges changes, KeyedRecord record, CancellationToken cancellationToken)
    {
        switch (record.Key.Space)
        {
            case RecordKey.Entries:
                await ApplyEntryAsync(changes, record, cancellationToken);
                break;
            case RecordKey.Regions:
                var region = await store.State.FindRegionAsync(record.Key, cancellationToken);
                await ApplyRegionAsync(changes, record, region, cancellationToken);
                break;
            default:
                await ApplyIssueAsync(changes, record, cancellationToken);
                break;
        }
    }

    private async ValueTask ApplyEntryAsync(StateChanges changes, KeyedRecord record, CancellationToken cancellationToken)
    {
        var before = await store.State.FindEntryAsync(record.Key.Id, cancellationToken);
        if (record.Payload is null)
        {
            if (before is not null)
            {
                await changes.DeleteEntryAsync(before);
            }

            return;
        }

        var now = RecordCodec.DecodeEntry(record.Key.Id, record.Payload, before);
        foreach (var stream in before?.Streams ?? [])
        {
            if (now.FindStream(stream.Name) is null)
            {
                await changes.DeleteContentAsync(record.Key.Id, stream, fromRegion: 0);
            }
        }

        await changes.PutEntryAsync(now, before);
    }

    private static async ValueTask ApplyRegionAsync(
        StateChanges changes, KeyedRecord record, ProtectedContent? before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (record.Payload is not null)
        {
            await changes.PutRegionAsync(record.Key, RecordCodec.DecodeRegion(record.Payload, before), before);
        }
        else if (before is not null)
        {
            await changes.PutRegionAsync(record.Key, ProtectedContent.Empty, before);
        }
    }

    private async ValueTask ApplyIssueAsync(StateChanges changes, KeyedRecord record, CancellationToken cancellationToken)
    {
        if (record.Payload is not null)
        {
            await changes.PutIssueAsync(RecordCodec.DecodeIssue(record.Payload));
        }
        else if (await store.State.FindAsync(record.Key, cancellationToken) is { } payload)
        {
            await changes.DeleteIssueAsync(record.Key, RecordCodec.DecodeIssue(payload.Span).FileReference);
        }
    }
}
