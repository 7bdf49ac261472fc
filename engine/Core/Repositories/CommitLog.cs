using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Retention;

namespace Harness.Engine.Repositories;

/// <summary>A commit and the hash of its blob, by which the next one names it.</summary>
internal sealed record Commit(string SourceId, CommitDocument Document, Hash256 Hash);

/// <summary>Finds and reads commits.</summary>
internal sealed class CommitLog(Repository repository)
{
    /// <summary>Sequences of one source, ascending.</summary>
    public async ValueTask<IReadOnlyList<long>> ListAsync(string sourceId, CancellationToken cancellationToken)
    {
        var sequences = new List<long>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.CommitsOf(sourceId), cancellationToken))
        {
            if (BlobNames.ParseCommit(item.Name) is { } commit)
            {
                sequences.Add(commit.Sequence);
            }
        }

        return sequences;
    }

    /// <summary>Sources and their sequences, ascending.</summary>
    public async ValueTask<IReadOnlyDictionary<string, List<long>>> ListAllAsync(CancellationToken cancellationToken)
    {
        var sources = new SortedDictionary<string, List<long>>(StringComparer.Ordinal);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Commits, cancellationToken))
        {
            if (BlobNames.ParseCommit(item.Name) is not { } commit)
            {
                continue;
            }

            if (!sources.TryGetValue(commit.Source, out var sequences))
            {
                sources[commit.Source] = sequences = [];
            }

            sequences.Add(commit.Sequence);
        }

        return sources;
    }

    /// <summary>As <see cref="ListAllAsync"/>, without the recovery points that are forgotten.</summary>
    public async ValueTask<IReadOnlyDictionary<string, List<long>>> ListVisibleAsync(CancellationToken cancellationToken)
    {
        var all = await ListAllAsync(cancellationToken);
        return Visible(all, await new DeletedLog(repository).ListAllAsync(cancellationToken));
    }

    /// <summary>Of sources and their sequences, those that markers do not forget.</summary>
    public static IReadOnlyDictionary<string, List<long>> Visible(
        IReadOnlyDictionary<string, List<long>> all, IReadOnlyDictionary<string, SourceMarkers> markers)
    {
        foreach (var (sourceId, sequences) in all)
        {
            if (markers.TryGetValue(sourceId, out var ofSource))
            {
                sequences.RemoveAll(ofSource.IsForgotten);
            }
        }

        return all.Where(item => item.Value.Count > 0).ToDictionary(item => item.Key, item => item.Value);
    }

    public async ValueTask<Commit> ReadAsync(string sourceId, long sequence, CancellationToken cancellationToken)
    {
        var name = BlobNames.Commit(sourceId, sequence);
        var blob = await repository.Vault.ReadAsync(name, FormatLimits.SealedBlobBytes, cancellationToken);
        var plaintext = repository.OpenSealed(
            SealedType.Commit, CommitDocument.Context(sourceId, sequence), name, hash: null, blob);
        var document = CommitDocument.Decode(plaintext, name);
        return document.Sequence == sequence && repository.Keys.SourceId(document.Source) == sourceId
            ? new Commit(sourceId, document, Hash256.Of(blob))
            : throw Damage.In(name, "its document belongs to another name");
    }

    /// <summary>Whether another run has taken the commit as its parent: then it was the newest, and may be forgotten since.</summary>
    public async ValueTask<bool> IsFollowedAsync(Commit commit, CancellationToken cancellationToken)
    {
        var next = commit.Document.Sequence + 1;
        return (await ListAsync(commit.SourceId, cancellationToken)).Contains(next)
            && (await ReadAsync(commit.SourceId, next, cancellationToken)).Document.Parent == commit.Hash.ToString();
    }

    /// <summary>The commit before another one, checked against the chain.</summary>
    public async ValueTask<Commit> ReadParentAsync(Commit commit, CancellationToken cancellationToken)
    {
        var parent = await ReadAsync(commit.SourceId, commit.Document.Sequence - 1, cancellationToken);
        return parent.Hash.ToString() == commit.Document.Parent
            ? parent
            : throw Damage.In(
                BlobNames.Commit(commit.SourceId, parent.Document.Sequence),
                $"it is not the one that recovery point {commit.Document.Sequence} follows");
    }

    /// <summary>Finds one commit by source name (or the only source) and number (or the latest).</summary>
    public async ValueTask<Commit> FindAsync(string? sourceName, long? sequence, CancellationToken cancellationToken)
    {
        var sources = await ListVisibleAsync(cancellationToken);
        var sourceId = await ChooseSourceAsync(sources, sourceName, cancellationToken);
        var sequences = sources[sourceId];
        var chosen = sequence ?? sequences[^1];
        return sequences.Contains(chosen)
            ? await ReadAsync(sourceId, chosen, cancellationToken)
            : throw new BackupException(
                ErrorCode.RecoveryPointNotFound,
                $"There is no recovery point {chosen}.",
                $"The data source has recovery points {sequences[0]} to {sequences[^1]}; 'recovery-points' lists them.");
    }

    /// <summary>The id of a source by name, or of the only one.</summary>
    public async ValueTask<string> ChooseSourceAsync(
        IReadOnlyDictionary<string, List<long>> sources, string? sourceName, CancellationToken cancellationToken)
    {
        if (sourceName is not null)
        {
            var id = repository.Keys.SourceId(sourceName);
            return sources.ContainsKey(id)
                ? id
                : throw new BackupException(
                    ErrorCode.DataSourceNotFound,
                    $"The vault has no recovery point of a data source named '{sourceName}'.",
                    "'recovery-points' lists the data sources.");
        }

        if (sources.Count == 1)
        {
            return sources.Keys.First();
        }

        var names = new List<string>();
        foreach (var (id, sequences) in sources.Take(10))
        {
            names.Add((await ReadAsync(id, sequences[^1], cancellationToken)).Document.Source);
        }

        throw new BackupException(
            ErrorCode.DataSourceNotFound,
            sources.Count == 0 ? "The vault has no recovery point." : $"The vault has {sources.Count} data sources.",
            sources.Count == 0 ? "Make a first backup to it." : $"Name one with --name: {string.Join(", ", names)}.");
    }
}
