using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;

namespace Harness.Engine.RecoveryPoints;

/// <summary>Lists the recovery points of a vault.</summary>
public sealed class RecoveryPointReader(EngineServices services)
{
    /// <summary>All recovery points that are not forgotten, by source name and number.</summary>
    public async ValueTask<IReadOnlyList<RecoveryPointInfo>> ListAsync(
        IVault vault, Passphrase passphrase, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vault);
        services.Progress.Phase("Reading recovery points...");
        var repository = await RepositoryOpener.OpenAsync(vault, passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var points = new List<RecoveryPointInfo>();
        foreach (var (sourceId, sequences) in await log.ListVisibleAsync(cancellationToken))
        {
            foreach (var sequence in sequences)
            {
                var commit = (await log.ReadAsync(sourceId, sequence, cancellationToken)).Document;
                points.Add(new RecoveryPointInfo
                {
                    SourceName = commit.Source,
                    RecoveryPoint = commit.Sequence,
                    TakenAt = commit.TakenAt,
                    Mode = commit.Mode,
                    Consistency = commit.Consistency,
                    Profile = commit.Profile,
                    Protected = commit.Protected,
                    ChangedBytes = commit.ChangedBytes,
                    SkippedCount = commit.Skipped,
                    FailedCount = commit.Failed,
                });
            }
        }

        return [.. points.OrderBy(p => p.SourceName, StringComparer.Ordinal).ThenBy(p => p.RecoveryPoint)];
    }
}
