using Harness.Engine.Backup;
using Harness.Engine.Repositories;
using Harness.Engine.Restore;

namespace Harness.Engine.Verify;

/// <summary>
/// Compares a recovery point with a source without restoring it: the source is read once, and of the vault only metadata,
/// since its range digests say what the bytes are.
/// </summary>
public sealed class VerifyJob(EngineServices services)
{
    /// <summary>
    /// Compares and reports. Throws <see cref="Errors.BackupException"/> when the vault or the source cannot be opened; trouble
    /// with one entry of the source is reported.
    /// </summary>
    public async ValueTask<VerifyReport> RunAsync(VerifyRequest request, CancellationToken cancellationToken)
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
        var selection = RestoreSelection.Of(state, tree, request.Paths, index: null);

        _ = await request.Source.DescribeAsync(cancellationToken);
        services.Progress.Phase("Comparing with the source...");
        await using var snapshot = await request.Source.CreateSnapshotAsync(cancellationToken);
        var run = new VerifyRun(services, repository.Keys, request, state, selection);
        await run.RunAsync(snapshot, [.. state.Issues().Select(tree.PathOf)], cancellationToken);
        var traffic = request.Vault.Traffic.Since(before);
        return new VerifyReport
        {
            RecoveryPoint = commit.Document.Sequence,
            SourceName = commit.Document.Source,
            Files = run.Files,
            Directories = run.Directories,
            ReadBytes = run.ReadBytes,
            ReceivedBytes = traffic.ReceivedBytes,
            Requests = traffic.Requests,
            Differences =
            [
                .. run.Differences.OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Aspect, StringComparer.Ordinal),
            ],
            Failed = [.. run.Failed.OrderBy(item => item.Path, StringComparer.Ordinal)],
        };
    }
}
