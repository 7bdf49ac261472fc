using Harness.Engine.Backup;
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
        await using var point = await OpenedPoint.OpenAsync(
            services, request.Vault, request.Passphrase, (request.SourceName, request.RecoveryPoint), request.Paths, cancellationToken);
        var leftOut = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (_, issue) in point.State.IssuesAsync(cancellationToken))
        {
            leftOut.Add(point.Tree.PathOf(issue));
        }

        _ = await request.Source.DescribeAsync(cancellationToken);
        services.Progress.Phase("Comparing with the source...");
        await using var snapshot = await request.Source.CreateSnapshotAsync(cancellationToken);
        var run = new VerifyRun(
            services, point.Repository.Keys, request, request.Profile.PreservingAsWritten(point.Commit.Document.Preserve), point.State, point.Selection);
        await run.RunAsync(snapshot, leftOut, cancellationToken);
        var traffic = request.Vault.Traffic.Since(before);
        return new VerifyReport
        {
            RecoveryPoint = point.Commit.Document.Sequence,
            SourceName = point.Commit.Document.Source,
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
