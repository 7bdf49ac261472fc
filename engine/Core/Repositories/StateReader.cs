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
        foreach (var text in commit.Document.Manifests)
        {
            var commitName = BlobNames.Commit(commit.SourceId, commit.Document.Sequence);
            var hash = Hash256.Parse(text) ?? throw Damage.In(commitName, "it names a manifest that is no hash");
            var name = BlobNames.Manifest(commit.SourceId, hash);
            var plaintext = await repository.ReadSealedAsync(
                SealedType.Manifest, ManifestDocument.Context(commit.SourceId), name, hash, cancellationToken);
            state = state.Apply(ManifestDocument.Decode(plaintext, name), name);
        }

        return state;
    }
}
