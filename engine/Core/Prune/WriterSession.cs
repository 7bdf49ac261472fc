using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>
/// The fence between a writer and a prune (FORMAT.md section 13): open before the first index blob is read, required before
/// the commit blob is created, confirmed after it, closed at the end of the run, failed or not. Logical thread only.
/// </summary>
internal sealed class WriterSession
{
    private readonly Repository _repository;
    private readonly EngineServices _services;
    private readonly string _sourceId;
    private readonly string _name;
    private readonly long _number;

    private WriterSession(
        Repository repository,
        EngineServices services,
        string sourceId,
        string name,
        long number,
        GcDocument newest,
        SourceSessions before)
    {
        (_repository, _services, _sourceId) = (repository, services, sourceId);
        (_name, _number, NewestGc, UnusablePacks, Before) = (name, number, newest.Sequence, newest.Unusable(), before);
    }

    /// <summary>What sessions before this one have left: their writers were cut off, or are at work elsewhere.</summary>
    public SourceSessions Before { get; }

    /// <summary>Number of the newest gc blob once the session was there.</summary>
    public long NewestGc { get; }

    /// <summary>Packs whose segments are as if not there: what lies in them alone has to be sent again.</summary>
    public IReadOnlySet<Hash256> UnusablePacks { get; }

    /// <summary>Name of the session's blob, by which a prune reports what it waits for.</summary>
    public string Name => _name;

    public static async ValueTask<WriterSession> OpenAsync(
        Repository repository, EngineServices services, string sourceId, string purpose, CancellationToken cancellationToken)
    {
        var seen = await new GcLog(repository).NewestNumberAsync(cancellationToken);
        return await OpenAsync(repository, services, sourceId, purpose, seen, cancellationToken);
    }

    /// <summary>As above, for a writer that has read before which gc blob is the newest.</summary>
    public static async ValueTask<WriterSession> OpenAsync(
        Repository repository,
        EngineServices services,
        string sourceId,
        string purpose,
        long seen,
        CancellationToken cancellationToken)
    {
        var others = await new SessionLog(repository).ListAsync(sourceId, cancellationToken);
        var number = others.Newest + 1;
        var id = new byte[8];
        services.Random.Fill(id);
        var name = BlobNames.Session(sourceId, number, Convert.ToHexStringLower(id));
        var document = new SessionDocument(FormatLimits.Version, seen, purpose, services.Clock.GetUtcNow());
        var blob = repository.Seal(
            SealedType.Session,
            SessionDocument.ContextOf(name),
            document.Encode(),
            services.Random);
        await repository.Vault.CreateAsync(name, blob, cancellationToken);

        // Read only now: whatever is condemned after this waits for the session, what was condemned before is in here.
        var newest = await new GcLog(repository).ReadNewestAsync(cancellationToken);
        return new WriterSession(repository, services, sourceId, name, number, newest, others);
    }

    /// <summary>SessionBroken when somebody took the session away. To be called right before the commit blob is created.</summary>
    public async ValueTask RequireAliveAsync(CancellationToken cancellationToken)
    {
        if (!await IsAliveAsync(cancellationToken))
        {
            throw Broken("No recovery point was made; earlier ones are intact.");
        }
    }

    /// <summary>
    /// To be called right after the commit blob was created. When the session was taken away meanwhile and something that the
    /// commit refers to is gone, the commit is withdrawn and SessionBroken thrown. True when the session is still there.
    /// </summary>
    public async ValueTask<bool> ConfirmAsync(Commit commit, CancellationToken cancellationToken)
    {
        if (await IsAliveAsync(cancellationToken))
        {
            return true;
        }

        var second = await OpenAsync(_repository, _services, _sourceId, "confirm", cancellationToken);
        try
        {
            if (!await new CommitVerifier(_repository, _services, second.UnusablePacks).IsWholeAsync(commit, cancellationToken))
            {
                await WithdrawAsync(commit, cancellationToken);
            }
        }
        finally
        {
            await second.CloseAsync(committed: false, cancellationToken);
        }

        return false;
    }

    /// <summary>Takes a commit back, unless another rests on it already: without it that one would be lost whole.</summary>
    private async ValueTask WithdrawAsync(Commit commit, CancellationToken cancellationToken)
    {
        var sequence = commit.Document.Sequence;
        if (await new CommitLog(_repository).IsFollowedAsync(commit, cancellationToken))
        {
            throw Broken(
                $"Recovery point {sequence} and those that rest on it lack data, so they stay; 'check' names what they lack, "
                + "and the next run with --full-scan sends it again.");
        }

        await _repository.Vault.DeleteAsync(BlobNames.Commit(_sourceId, sequence), cancellationToken);
        throw Broken($"Recovery point {sequence} was withdrawn; earlier ones are intact.");
    }

    /// <summary>
    /// Ends the session. After a commit, sessions of the source that began earlier are ended too: their writers are dead, or
    /// have lost the race for the number of the commit. Their checkpoints and its own are of no more use then.
    /// </summary>
    public async ValueTask CloseAsync(bool committed, CancellationToken cancellationToken)
    {
        if (committed)
        {
            var left = await new SessionLog(_repository).ListAsync(_sourceId, cancellationToken);
            foreach (var (name, number) in left.Checkpoints)
            {
                await DeleteAsync(name, number <= _number, cancellationToken);
            }

            foreach (var session in left.Open)
            {
                await DeleteAsync(session.Name, session.Number < _number, cancellationToken);
            }
        }

        await _repository.Vault.DeleteAsync(_name, cancellationToken);
    }

    private async ValueTask DeleteAsync(string name, bool isOver, CancellationToken cancellationToken)
    {
        if (isOver)
        {
            await _repository.Vault.DeleteAsync(name, cancellationToken);
        }
    }

    /// <summary>Ends the session of a run that failed, if the vault lets it; else the next run of the source does.</summary>
    public async ValueTask AbandonAsync()
    {
        try
        {
            await CloseAsync(committed: false, CancellationToken.None);
        }
        catch (BackupException)
        {
            // The run has failed already, and with its own error.
        }
    }

    private async ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken) =>
        await _repository.Vault.GetLengthAsync(_name, cancellationToken) is not null;

    private BackupException Broken(string outcome) => new(
        ErrorCode.SessionBroken,
        $"Session '{_name}' was removed while its run was at work. {outcome}",
        "Run again; break a session only when its run is dead.");
}
