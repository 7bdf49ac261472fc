using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.RecoveryPoints;
using Harness.Engine.Repositories;

namespace Harness.Engine.Retention;

/// <summary>Forgets recovery points: softly, for 14 days (FORMAT.md section 12).</summary>
public sealed class ForgetJob(EngineServices services)
{
    /// <summary>
    /// Forgets and reports. RecoveryPointNotFound for a number that is not there, RecoveryPointNotChangeable for the newest;
    /// then nothing was forgotten.
    /// </summary>
    public async ValueTask<ForgetReport> RunAsync(ForgetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        services.Progress.Phase("Reading recovery points...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        var log = new CommitLog(repository);
        var deleted = new DeletedLog(repository);
        var all = await log.ListAllAsync(cancellationToken);
        var markers = await deleted.ListAllAsync(cancellationToken);
        var visible = CommitLog.Visible(all, markers);
        var sourceId = await log.ChooseSourceAsync(visible, request.SourceName, cancellationToken);
        var newest = (await log.ListAsync(sourceId, cancellationToken))[^1];
        var now = services.Clock.GetUtcNow();
        var list = new PointList(repository, services.Random, request.ScratchOf);
        var (name, known) = await list.ReadAsync(sourceId, visible[sourceId], cancellationToken);
        if (list.Damaged.Count > 0)
        {
            // A policy that does not see a point would keep or forget the wrong ones.
            throw list.Damaged.First().Value;
        }

        var hashes = known.ToDictionary(point => point.Sequence, point => point.Hash);
        var points = known.Select(point => new RetentionPoint(point.Sequence, point.TakenAt)).ToList();
        var decisions = request.Policy is { } policy
            ? RetentionPlanner.Decide(points, policy, now)
            : ByNumber(points, request.Points, newest);
        List<long> forgotten = [.. decisions.Where(decision => !decision.IsKept).Select(decision => decision.Point.Number)];
        var reason = request.Policy is null ? "by number" : "by policy";
        foreach (var sequence in request.DryRun ? [] : forgotten)
        {
            var before = markers.GetValueOrDefault(sourceId, SourceMarkers.None).Newest(sequence);
            var document = new DeletedDocument(
                FormatLimits.Version,
                sequence,
                SourceMarkers.Next(before, forgets: true),
                hashes[sequence].ToString(),
                now,
                reason);
            await deleted.CreateAsync(sourceId, document, services.Random, cancellationToken);
        }

        return new ForgetReport(name, decisions, forgotten, now + SoftDelete.Period);
    }

    private static List<RetentionDecision> ByNumber(
        List<RetentionPoint> points, IReadOnlyList<long> numbers, long newest)
    {
        foreach (var number in numbers)
        {
            if (points.TrueForAll(point => point.Number != number))
            {
                throw new BackupException(
                    ErrorCode.RecoveryPointNotFound, $"There is no recovery point {number}.", "'recovery-points' lists them.");
            }

            if (number == newest)
            {
                throw new BackupException(
                    ErrorCode.RecoveryPointNotChangeable,
                    $"Recovery point {number} is the newest of its data source and cannot be forgotten.",
                    "Make another backup first; the next one follows it.");
            }
        }

        return [.. points.Select(point => new RetentionDecision(point, numbers.Contains(point.Number) ? [] : ["not named"]))];
    }
}
