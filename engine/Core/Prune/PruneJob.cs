using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Tables;

namespace Harness.Engine.Prune;

/// <summary>Removes what no recovery point needs, in two phases, beside running backups (FORMAT.md section 13).</summary>
public sealed class PruneJob(EngineServices services)
{
    /// <summary>
    /// Runs and reports. Throws <see cref="BackupException"/> and removes nothing when a commit, manifest or index that it needs
    /// cannot be read, CommitConflict when another prune ended first.
    /// </summary>
    public async ValueTask<PruneReport> RunAsync(PruneRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.MaxUnusedPercent is < 0 or > 100)
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid,
                $"{request.MaxUnusedPercent} percent of a pack cannot be unused.",
                "Give a share of 0 to 100 percent.");
        }

        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        await BreakSessionAsync(repository, request, cancellationToken);
        var log = new GcLog(repository);
        var gc = await log.ReadNewestAsync(cancellationToken);

        // Sessions before commits: who has ended by now has its commit there, and who has not holds what he may have used.
        var sessions = await new SessionLog(repository).ReadAllAsync(cancellationToken);
        var (held, stale) = await new CheckpointLog(repository).SurveyAsync(services.Clock.GetUtcNow(), cancellationToken);
        services.Progress.Phase("Reading what recovery points need...");
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
        using var survey = new VaultSurvey(repository, services, scratch);
        await survey.ReadAsync(gc, cancellationToken);

        services.Progress.Phase("Removing what was condemned...");
        var removal = new RoundRemoval(repository, services, gc, survey);
        await removal.RunAsync(sessions, request.DryRun, cancellationToken);

        foreach (var name in request.DryRun ? [] : stale)
        {
            await repository.Vault.DeleteAsync(name, cancellationToken);
        }

        services.Progress.Phase("Condemning what nothing needs...");
        var condemnation = new Condemnation(repository, services, scratch, gc, survey, removal.Left, held);
        var round = await condemnation.RunAsync(request, cancellationToken);
        var next = condemnation.NextDocument(round, removal.RemovedPacks);
        if (!request.DryRun && condemnation.IsChange(next))
        {
            await log.WriteAsync(next, services.Random, cancellationToken);
        }

        return new PruneReport
        {
            RecoveryPointsGone = condemnation.NewlyGone,
            RemovedPacks = removal.RemovedPacks.Count,
            RemovedBytes = removal.RemovedBytes,
            RemovedCommits = removal.RemovedCommits,
            RemovedManifests = removal.RemovedManifests,
            CondemnedPacks = round.Packs.Count + round.Moved.Count,
            CondemnedBytes = round.Packs.Concat(round.Moved).Sum(hash => survey.Packs.GetValueOrDefault(Hash256.Parse(hash)!.Value)),
            RepackedPacks = round.Moved.Count,
            RepackedBytes = condemnation.RepackedBytes,
            WaitingFor = [.. sessions.Where(session => gc.Rounds.Any(old => session.Seen < old.Since)).Select(session => session.Name)],
        };
    }

    private static async ValueTask BreakSessionAsync(
        Repository repository, PruneRequest request, CancellationToken cancellationToken)
    {
        if (request.BreakSession is not { } name)
        {
            return;
        }

        if (BlobNames.ParseSession(name) is null
            || (request.DryRun
                ? await repository.Vault.GetLengthAsync(name, cancellationToken) is null
                : !await repository.Vault.DeleteAsync(name, cancellationToken)))
        {
            throw new BackupException(
                ErrorCode.ArgumentInvalid, $"The vault has no session '{name}'.", "Give its name as a prune reports it.");
        }
    }
}
