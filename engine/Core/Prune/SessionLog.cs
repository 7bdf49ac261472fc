using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;

namespace Harness.Engine.Prune;

/// <summary>A session in the vault.</summary>
/// <param name="Name">Name of its blob.</param>
/// <param name="Number">Its number among the sessions of its source.</param>
/// <param name="Seen">The newest gc blob that its writer has seen; 0 also where the session cannot be read.</param>
internal sealed record OpenSession(string Name, long Number, long Seen);

/// <summary>What the sessions of a source have left in the vault.</summary>
/// <param name="Open">Those whose writer is at work, or dead.</param>
/// <param name="Checkpoints">Checkpoints of these and of others before them, with the number of their session, in order of name.</param>
internal sealed record SourceSessions(IReadOnlyList<OpenSession> Open, IReadOnlyList<(string Name, long Number)> Checkpoints)
{
    /// <summary>Nothing.</summary>
    public static SourceSessions None { get; } = new([], []);

    /// <summary>Whether a run of the source has not come to its end.</summary>
    public bool IsAny => Open.Count > 0 || Checkpoints.Count > 0;

    /// <summary>The highest number; 0 for none.</summary>
    public long Newest
    {
        get
        {
            long newest = 0;
            foreach (var session in Open)
            {
                newest = Math.Max(newest, session.Number);
            }

            foreach (var (_, number) in Checkpoints)
            {
                newest = Math.Max(newest, number);
            }

            return newest;
        }
    }
}

/// <summary>Lists sessions (FORMAT.md section 13).</summary>
internal sealed class SessionLog(Repository repository)
{
    /// <summary>Names and numbers of the sessions and checkpoints of a source.</summary>
    public async ValueTask<SourceSessions> ListAsync(string sourceId, CancellationToken cancellationToken)
    {
        var sessions = new List<OpenSession>();
        var checkpoints = new List<(string, long)>();
        await foreach (var item in repository.Vault.ListAsync(BlobNames.SessionsOf(sourceId), cancellationToken))
        {
            if (BlobNames.ParseSession(item.Name) is { } session)
            {
                sessions.Add(new OpenSession(item.Name, session.Number, 0));
            }
            else if (BlobNames.ParseCheckpoint(item.Name) is { } checkpoint)
            {
                checkpoints.Add((item.Name, checkpoint.Number));
            }
        }

        return new SourceSessions(sessions, checkpoints);
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
