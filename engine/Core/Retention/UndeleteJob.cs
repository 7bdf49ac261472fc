using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;

namespace Harness.Engine.Retention;

/// <summary>A forgotten recovery point to take back.</summary>
/// <param name="Vault">The vault.</param>
/// <param name="Passphrase">Opens it.</param>
/// <param name="SourceName">The data source; null for the only one.</param>
/// <param name="RecoveryPoint">Its number.</param>
public sealed record UndeleteRequest(IVault Vault, Passphrase Passphrase, string? SourceName, long RecoveryPoint);

/// <summary>Takes a forgotten recovery point back within its 14 days (FORMAT.md section 12).</summary>
public sealed class UndeleteJob(EngineServices services)
{
    /// <summary>
    /// Takes it back. RecoveryPointNotFound when it is not forgotten, RecoveryPointNotChangeable when its time is over or a
    /// prune has begun to remove what it needs.
    /// </summary>
    public async ValueTask RunAsync(UndeleteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var sourceId = await log.ChooseSourceAsync(
            await log.ListAllAsync(cancellationToken), request.SourceName, cancellationToken);
        var session = await WriterSession.OpenAsync(repository, services, sourceId, "undelete", cancellationToken);
        try
        {
            await UndeleteAsync(repository, sourceId, request.RecoveryPoint, cancellationToken);
            await session.RequireAliveAsync(cancellationToken);
        }
        finally
        {
            await session.CloseAsync(committed: false, cancellationToken);
        }
    }

    private async ValueTask UndeleteAsync(
        Repository repository, string sourceId, long sequence, CancellationToken cancellationToken)
    {
        var log = new DeletedLog(repository);
        var markers = await log.ListAsync(sourceId, cancellationToken);
        if (!markers.IsForgotten(sequence))
        {
            throw new BackupException(
                ErrorCode.RecoveryPointNotFound,
                $"There is no forgotten recovery point {sequence}.",
                "'recovery-points' lists those that are not forgotten.");
        }

        var newest = markers.Newest(sequence);
        var marker = await log.TryReadAsync(sourceId, sequence, newest, cancellationToken);
        var gc = await new GcLog(repository).ReadNewestAsync(cancellationToken);
        if (gc.IsGone(sourceId, sequence)
            || await log.IsOverAsync(sourceId, sequence, markers, services.Clock.GetUtcNow(), cancellationToken))
        {
            throw new BackupException(
                ErrorCode.RecoveryPointNotChangeable,
                $"Recovery point {sequence} cannot be undeleted any more.",
                $"A forgotten recovery point is kept for {SoftDelete.Period.Days} days.");
        }

        // The number of a marker that cannot be read is anybody's, so it is not counted on from.
        var number = SourceMarkers.Next(
            marker?.Number ?? await ReadableAsync(log, markers, sourceId, sequence, cancellationToken), forgets: false);
        var commit = await new CommitLog(repository).ReadAsync(sourceId, sequence, cancellationToken);
        var document = new DeletedDocument(
            FormatLimits.Version, sequence, number, commit.Hash.ToString(), services.Clock.GetUtcNow(), "undeleted");
        await log.CreateAsync(sourceId, document, services.Random, cancellationToken);
        await log.RemoveAsync(sourceId, sequence, markers.Of(sequence).Where(other => other != number), cancellationToken);
    }

    /// <summary>The highest number of a marker that can be read; 0 when none can.</summary>
    private static async ValueTask<int> ReadableAsync(
        DeletedLog log, SourceMarkers markers, string sourceId, long sequence, CancellationToken cancellationToken)
    {
        foreach (var number in markers.Of(sequence).Reverse())
        {
            if (await log.TryReadAsync(sourceId, sequence, number, cancellationToken) is not null)
            {
                return number;
            }
        }

        return 0;
    }
}
