using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Retention;

namespace Harness.Engine.Check;

/// <summary>Checks markers of forgotten recovery points, gc blobs and sessions.</summary>
internal sealed class MarkerCheck(Repository repository, Findings findings)
{
    /// <summary>Checks them and gives the newest gc document; none where it cannot be read.</summary>
    public async ValueTask<GcDocument> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = new DeletedLog(repository);
        foreach (var (sourceId, sequences) in await deleted.ListAllAsync(cancellationToken))
        {
            foreach (var sequence in sequences)
            {
                var name = BlobNames.DeletedMarker(sourceId, sequence);
                await TryAsync(name, async () => _ = await deleted.ReadAsync(sourceId, sequence, cancellationToken));
            }
        }

        var sessions = new SessionLog(repository);
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Sessions, cancellationToken))
        {
            await TryAsync(item.Name, async () =>
            {
                if (BlobNames.ParseCheckpoint(item.Name) is not null)
                {
                    _ = await new CheckpointLog(repository).ReadAsync(item.Name, cancellationToken);
                }
                else
                {
                    _ = await sessions.ReadAsync(item.Name, cancellationToken);
                }
            });
        }

        var gc = GcDocument.None;
        await foreach (var item in repository.Vault.ListAsync(BlobNames.Gc, cancellationToken))
        {
            if (BlobNames.ParseGc(item.Name) is { } number)
            {
                await TryAsync(item.Name, async () => gc = await new GcLog(repository).ReadAsync(number, cancellationToken));
            }
        }

        return gc;
    }

    private async ValueTask TryAsync(string name, Func<ValueTask> read)
    {
        try
        {
            await read();
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultBlobDamaged)
        {
            findings.Add(name, error);
        }
        catch (BackupException error) when (error.Code == ErrorCode.VaultBlobMissing)
        {
            // Markers, sessions and old gc blobs come and go; what is not there any more is no damage.
        }
    }
}
