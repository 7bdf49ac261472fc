using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>
/// Keeps a prune off a run (FORMAT.md section 13): a session from the moment that the run takes a segment as present or writes
/// anything but its commit; a run that does neither is told by the number of the newest gc blob that nothing happened.
/// Logical thread only.
/// </summary>
/// <param name="repository">The vault.</param>
/// <param name="services">Clock and randomness of the session.</param>
/// <param name="sourceId">The source.</param>
/// <param name="seen">Number of the newest gc blob, read before the commits of the source were listed.</param>
/// <param name="newest">The newest commit of that listing; null when there was none.</param>
internal sealed class WriterFence(Repository repository, EngineServices services, string sourceId, long seen, long? newest)
{
    private WriterSession? _session;
    private Task<WriterSession>? _opening;

    /// <summary>What sessions before this one have left; nothing while there is no session.</summary>
    public SourceSessions Before => _session?.Before ?? SourceSessions.None;

    /// <summary>Name of the session. To be asked for once there is one.</summary>
    public string Name
    {
        get
        {
            Invariant.Require(_session is not null);
            return _session.Name;
        }
    }

    /// <summary>Packs whose segments are as if not there; asked for before the first index blob is read.</summary>
    public async ValueTask<IReadOnlySet<Hash256>> UnusablePacksAsync(CancellationToken cancellationToken)
    {
        return (await OpenedAsync(cancellationToken)).UnusablePacks;
    }

    /// <summary>
    /// Opens a session unless there is one; whoever asks while it is being opened waits for that one. CommitConflict when the run
    /// follows what is not the newest any more, for all who wait.
    /// </summary>
    public async ValueTask RequireSessionAsync(CancellationToken cancellationToken) => _ = await OpenedAsync(cancellationToken);

    /// <summary>SessionBroken when somebody took the session away. To be called right before the commit blob is created.</summary>
    public async ValueTask RequireAliveAsync(CancellationToken cancellationToken)
    {
        if (_opening is { } opening)
        {
            await (await opening).RequireAliveAsync(cancellationToken);
        }
    }

    /// <summary>
    /// To be called right after the commit blob was created. When what it refers to may be gone the commit is withdrawn, with
    /// SessionBroken or CommitConflict.
    /// </summary>
    public async ValueTask ConfirmAsync(Commit commit, CancellationToken cancellationToken)
    {
        if (_session is not null && await _session.ConfirmAsync(commit, cancellationToken))
        {
            return;
        }

        var log = new GcLog(repository);
        if (await log.NewestNumberAsync(cancellationToken) == seen)
        {
            return;
        }

        // Whoever took the number before and was removed since is told as gone, and so is what this commit follows.
        var gc = await log.ReadNewestAsync(cancellationToken);
        var sequence = commit.Document.Sequence;
        if ((gc.IsGone(sourceId, sequence) || gc.IsGone(sourceId, sequence - 1)) && !await new CommitLog(repository).IsFollowedAsync(commit, cancellationToken))
        {
            await repository.Vault.DeleteAsync(BlobNames.Commit(sourceId, sequence), cancellationToken);
            throw Overtaken($"Recovery point {sequence} was withdrawn");
        }
    }

    /// <summary>Ends the session, if there is one; see <see cref="WriterSession.CloseAsync"/>.</summary>
    public ValueTask CloseAsync(CancellationToken cancellationToken) => _session?.CloseAsync(committed: true, cancellationToken) ?? default;

    /// <summary>Ends the session of a run that failed, also one that was still being opened.</summary>
    public async ValueTask AbandonAsync()
    {
        if (_opening is { } opening)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await (_session?.AbandonAsync() ?? default);
    }

    private Task<WriterSession> OpenedAsync(CancellationToken cancellationToken) => _opening ??= OpenAsync(cancellationToken);

    private async Task<WriterSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await WriterSession.OpenAsync(repository, services, sourceId, "backup", seen, cancellationToken);
        _session = session;
        if (session.NewestGc == seen)
        {
            return session;
        }

        var sequences = await new CommitLog(repository).ListAsync(sourceId, cancellationToken);
        return (sequences.Count == 0 ? null : sequences[^1]) == newest ? session : throw Overtaken("No recovery point was made");
    }

    private static BackupException Overtaken(string outcome) => new(
        ErrorCode.CommitConflict,
        $"Other runs have committed, and a prune has removed what this run followed. {outcome}; others are intact.",
        "Run again; data that was sent already is not sent twice.");
}
