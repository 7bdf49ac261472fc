using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.Segments;
using Harness.Engine.State;
using Harness.Engine.Tables;

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
        var before = request.Vault.Traffic;
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var commit = await log.FindAsync(request.SourceName, request.RecoveryPoint, cancellationToken);
        services.Progress.Phase("Reading the recovery point...");
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random);
        using var state = await new StateReader(repository, log, scratch, services.Random).ReadAsync(commit, cancellationToken);
        var tree = await PathTree.OfAsync(state, cancellationToken);
        using var paths = await PathTable.BuildAsync(state, tree, scratch, repository.Keys, services.Random, cancellationToken);
        var selection = await RestoreSelection.OfAsync(paths, request.Paths, cancellationToken);
        using var index = new SegmentIndex(repository, scratch, services.Random, passesOverDamage: true);
        using var order = new RestoreOrder(state, index, scratch, repository.Keys, services.Random);
        var directories = await order.AddAsync(selection, cancellationToken);

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
        await run.RunAsync(selection, directories, order, cancellationToken);
        return await run.ReportAsync(commit, tree, request.Vault.Traffic.Since(before), cancellationToken);
    }
}
