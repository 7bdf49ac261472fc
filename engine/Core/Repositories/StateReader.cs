using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads the state of a recovery point from its chain of manifests.</summary>
internal sealed class StateReader(Repository repository, CommitLog log)
{
    public async ValueTask<RecordState> ReadAsync(Commit commit, CancellationToken cancellationToken)
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

        var state = RecordState.Empty;
        foreach (var link in chain)
        {
            state = await ApplyAsync(state, link, cancellationToken);
        }

        return state;
    }

    private async ValueTask<RecordState> ApplyAsync(RecordState state, Commit commit, CancellationToken cancellationToken)
    {
        // The parts of one commit never share a key, so each may be laid over the result of the one before.
        await foreach (var (name, records) in ManifestReader.PartsAsync(repository, commit, cancellationToken))
        {
            state = state.Apply(records, name);
        }

        return state;
    }
}
