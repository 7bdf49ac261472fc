using Harness.Engine.Backup;
using Harness.Engine.Repositories;
using Harness.Engine.Restore;
using Harness.Engine.State;
using Harness.Engine.Tables;

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
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random);
        using var state = await new StateReader(repository, log, scratch, services.Random).ReadAsync(commit, cancellationToken);
        var tree = await PathTree.OfAsync(state, cancellationToken);
        using var paths = await PathTable.BuildAsync(state, tree, scratch, repository.Keys, services.Random, cancellationToken);
        var selection = await RestoreSelection.OfAsync(paths, request.Paths, cancellationToken);
        var leftOut = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (_, issue) in state.IssuesAsync(cancellationToken))
        {
            leftOut.Add(tree.PathOf(issue));
        }

        _ = await request.Source.DescribeAsync(cancellationToken);
        services.Progress.Phase("Comparing with the source...");
        await using var snapshot = await request.Source.CreateSnapshotAsync(cancellationToken);
        var run = new VerifyRun(services, repository.Keys, request, state, selection);
        await run.RunAsync(snapshot, leftOut, cancellationToken);
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
