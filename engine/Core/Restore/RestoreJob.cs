using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;

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
        var state = await new StateReader(repository, log).ReadAsync(commit, cancellationToken);
        var tree = PathTree.Of(state);
        var index = await new IndexReader(repository, scratch: null).ReadIntactAsync(cancellationToken);
        var selection = RestoreSelection.Of(state, tree, request.Paths, index);

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
        await run.RunAsync(selection, cancellationToken);
        return run.Report(commit, tree, request.Vault.Traffic.Since(before));
    }
}
