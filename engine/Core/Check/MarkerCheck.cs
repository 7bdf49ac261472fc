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
    /// <summary>Of each forgotten recovery point that has a readable marker: that marker's blob and the commit that it is about.</summary>
    public Dictionary<(string SourceId, long Sequence), (string Blob, string Commit)> Forgotten { get; } = [];

    /// <summary>Checks them and gives the newest gc document; none where it cannot be read.</summary>
    public async ValueTask<GcDocument> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = new DeletedLog(repository);
        foreach (var (sourceId, markers) in await deleted.ListAllAsync(cancellationToken))
        {
            foreach (var (sequence, number) in markers.Points.SelectMany(point => markers.Of(point).Select(number => (point, number))))
            {
                var name = BlobNames.DeletedMarker(sourceId, sequence, number);
                await TryAsync(name, async () =>
                {
                    var marker = await deleted.ReadAsync(sourceId, sequence, number, cancellationToken);
                    if (markers.IsForgotten(sequence) && number == markers.Newest(sequence))
                    {
                        Forgotten[(sourceId, sequence)] = (name, marker.Commit);
                    }
                });
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
