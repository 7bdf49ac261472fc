using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>A session in the vault.</summary>
/// <param name="Name">Name of its blob.</param>
/// <param name="Number">Its number among the sessions of its source.</param>
/// <param name="Seen">The newest gc blob that its writer has seen; 0 also where the session cannot be read.</param>
internal readonly record struct OpenSession(string Name, long Number, long Seen);

/// <summary>Lists sessions (FORMAT.md section 13).</summary>
internal sealed class SessionLog(Repository repository)
{
    /// <summary>Names and numbers of the sessions of a source.</summary>
    public async ValueTask<IReadOnlyList<OpenSession>> ListAsync(string sourceId, CancellationToken cancellationToken)
    {
        var sessions = new List<OpenSession>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.SessionsOf(sourceId), cancellationToken))
        {
            if (BlobNames.ParseSession(item.Name) is { } session)
            {
                sessions.Add(new OpenSession(item.Name, session.Number, 0));
            }
        }

        return sessions;
    }

    /// <summary>All sessions with what they have seen. One that cannot be read has seen nothing, so it holds everything.</summary>
    public async ValueTask<IReadOnlyList<OpenSession>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var sessions = new List<OpenSession>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Sessions, cancellationToken))
        {
            if (BlobNames.ParseSession(item.Name) is not { } session)
            {
                continue;
            }

            try
            {
                sessions.Add(new OpenSession(item.Name, session.Number, (await ReadAsync(item.Name, cancellationToken)).Seen));
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobDamaged)
            {
                sessions.Add(new OpenSession(item.Name, session.Number, 0));
            }
            catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing)
            {
                // Its writer has ended since: its commit will be found, for commits are listed later.
            }
        }

        return sessions;
    }

    public async ValueTask<SessionDocument> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var plaintext = await repository.ReadSealedAsync(
            SealedType.Session, SessionDocument.ContextOf(name), name, hash: null, cancellationToken);
        return SessionDocument.Decode(plaintext, name);
    }
}
