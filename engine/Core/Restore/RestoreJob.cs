using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Segments;

namespace Harness.Engine.Restore;

/// <summary>Runs one restore.</summary>
public sealed class RestoreJob(EngineServices services)
{
    /// <summary>
    /// Restores and reports. Refusals throw <see cref="BackupException"/>; an entry that is damaged in the vault, that the
    /// target refuses, or whose name could lead out of the target is reported as failed, and all others are restored.
    /// </summary>
    public async ValueTask<RestoreReport> RunAsync(RestoreRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Require();
        var before = request.Vault.Traffic;
        await using var point = await OpenedPoint.OpenAsync(
            services, request.Vault, request.Passphrase, (request.SourceName, request.RecoveryPoint), request.Paths, cancellationToken);
        var (repository, scratch, state) = (point.Repository, point.Scratch, point.State);
        using var index = new SegmentIndex(repository, scratch, services.Random, passesOverDamage: true);
        using var order = new RestoreOrder(state, index, scratch, repository.Keys, services.Random);
        var directories = await order.AddAsync(point.Selection, cancellationToken);

        var heldAnything = await request.Target.PrepareAsync(cancellationToken);
        if (heldAnything && request.OnCollision is null)
        {
            throw new BackupException(
                ErrorCode.TargetNotEmpty,
                $"The restore target {request.Target.DisplayName} is not empty.",
                "Give an empty or new directory, or say with --on-collision what to do with files that exist.");
        }

        services.Progress.Phase("Restoring data...");
        var run = new RestoreRun(services, request, repository, index, state, heldAnything);
        await run.RunAsync(point.Selection, directories, order, cancellationToken);
        return await run.ReportAsync(point.Commit, point.Tree, request.Vault.Traffic.Since(before), cancellationToken);
    }
}
