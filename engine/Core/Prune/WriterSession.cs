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
        IReadOnlySet<Hash256> unusable,
        SourceSessions before)
    {
        (_repository, _services, _sourceId) = (repository, services, sourceId);
        (_name, _number, UnusablePacks, Before) = (name, number, unusable, before);
    }

    /// <summary>What sessions before this one have left: their writers were cut off, or are at work elsewhere.</summary>
    public SourceSessions Before { get; }

    /// <summary>Packs whose segments are as if not there: what lies in them alone has to be sent again.</summary>
    public IReadOnlySet<Hash256> UnusablePacks { get; }

    /// <summary>Name of the session's blob, by which a prune reports what it waits for.</summary>
    public string Name => _name;

    public static async ValueTask<WriterSession> OpenAsync(
        Repository repository, EngineServices services, string sourceId, string purpose, CancellationToken cancellationToken)
    {
        var gc = new GcLog(repository);
        var seen = await gc.NewestNumberAsync(cancellationToken);
        var others = await new SessionLog(repository).ListAsync(sourceId, cancellationToken);
        var number = others.Newest + 1;
        var id = new byte[8];
        services.Random.Fill(id);
        var name = BlobNames.Session(sourceId, number, Convert.ToHexStringLower(id));
        var document = new SessionDocument(FormatLimits.Version, seen, purpose, services.Clock.GetUtcNow());
        var blob = repository.Seal(
            SealedType.Session, SessionDocument.ContextOf(name), SealedJson.Encode(document), services.Random);
        await repository.Vault.CreateAsync(name, blob, cancellationToken);

        // Read only now: whatever is condemned after this waits for the session, what was condemned before is in here.
        var newest = await gc.ReadNewestAsync(cancellationToken);
        return new WriterSession(repository, services, sourceId, name, number, newest.Unusable(), others);
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
    /// commit refers to is gone, the commit is withdrawn and SessionBroken thrown.
    /// </summary>
    public async ValueTask ConfirmAsync(Commit commit, CancellationToken cancellationToken)
    {
        if (await IsAliveAsync(cancellationToken))
        {
            return;
        }

        var second = await OpenAsync(_repository, _services, _sourceId, "confirm", cancellationToken);
        try
        {
            if (!await new CommitVerifier(_repository, _services, second.UnusablePacks).IsWholeAsync(commit, cancellationToken))
            {
                await _repository.Vault.DeleteAsync(
                    BlobNames.Commit(_sourceId, commit.Document.Sequence), cancellationToken);
                throw Broken($"Recovery point {commit.Document.Sequence} was withdrawn; earlier ones are intact.");
            }
        }
        finally
        {
            await second.CloseAsync(committed: false, cancellationToken);
        }
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
            foreach (var name in left.Checkpoints.Where(item => item.Number <= _number).Select(item => item.Name)
                .Concat(left.Open.Where(session => session.Number < _number).Select(session => session.Name)))
            {
                await _repository.Vault.DeleteAsync(name, cancellationToken);
            }
        }

        await _repository.Vault.DeleteAsync(_name, cancellationToken);
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
