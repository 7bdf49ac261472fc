using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.RecoveryPoints;

/// <summary>Lists the recovery points of a vault.</summary>
public sealed class RecoveryPointReader(EngineServices services)
{
    /// <summary>All recovery points that are not forgotten. What is damaged is in the listing and does not hide the rest.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="passphrase">Opens it.</param>
    /// <param name="scratchOf">
    /// The scratch location of a source by its name, which spares reading what an earlier list has read; null, or null from it,
    /// where there is none.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<RecoveryPointListing> ListAsync(
        IVault vault, Passphrase passphrase, Func<string, IScratch?>? scratchOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vault);
        services.Progress.Phase("Reading recovery points...");
        var repository = await RepositoryOpener.OpenAsync(vault, passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var points = new List<RecoveryPointInfo>();
        var damaged = new List<DamagedPoint>();
        foreach (var (sourceId, sequences) in await log.ListVisibleAsync(cancellationToken))
        {
            var list = new PointList(repository, services.Random, scratchOf);
            var (name, found) = await list.ReadAsync(sourceId, sequences, cancellationToken);
            damaged.AddRange(list.Damaged.Select(item => new DamagedPoint(
                name, item.Key, item.Value.Code.ToString(), BlobNames.Commit(sourceId, item.Key), item.Value.Message)));
            points.AddRange(found.Select(point => new RecoveryPointInfo
            {
                SourceName = name,
                RecoveryPoint = point.Sequence,
                TakenAt = point.TakenAt,
                Mode = point.Mode,
                Consistency = point.Consistency,
                Profile = point.Profile,
                Protected = point.Protected,
                ChangedBytes = point.ChangedBytes,
                SkippedCount = point.Skipped,
                FailedCount = point.Failed,
            }));
        }

        return new RecoveryPointListing(
            [.. points.OrderBy(point => point.SourceName, StringComparer.Ordinal).ThenBy(point => point.RecoveryPoint)],
            [.. damaged.OrderBy(point => point.SourceName, StringComparer.Ordinal).ThenBy(point => point.RecoveryPoint)]);
    }
}
