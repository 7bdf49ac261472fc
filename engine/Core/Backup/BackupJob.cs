using Harness.Engine.Errors;
using Harness.Engine.Repositories;

namespace Harness.Engine.Backup;

/// <summary>Runs one backup: preflight, snapshot, plan, transfer, commit, release, report.</summary>
public sealed class BackupJob(EngineServices services)
{
    /// <summary>
    /// Runs to a committed recovery point and reports. Refusals and failures throw <see cref="BackupException"/>; trouble with
    /// single entries is in the report. The snapshot is released in every case.
    /// </summary>
    public async ValueTask<BackupReport> RunAsync(BackupRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Require();
        var phases = new PhaseClock(services);
        var warnings = new List<ReportNote>();
        var sourceName = NameOf(request);

        phases.Begin("preflight", "Checking the source and the scratch location...");
        var volume = await request.Source.DescribeAsync(cancellationToken);
        Preflight.CheckVolume(request.Profile, volume, sourceName, request.AllowCaseSensitive, warnings);
        var scratchInfo = await request.Scratch.DescribeAsync(cancellationToken);
        var scratch = new MeteredScratch(request.Scratch, scratchInfo.UsedBytes);

        // Deriving the keys takes longer than all else of a run that finds nothing changed, so it begins before all else.
        await using var opening = request.Opening
            ?? await VaultOpening.BeginHereAsync(request.Vault, request.Passphrase, services.Work, scratch, cancellationToken);
        BackupAttempt? attempt = null;
        BackupReport report;
        try
        {
            phases.Begin("snapshot", "Taking snapshot of volumes...");
            await using var snapshot = await request.Source.CreateSnapshotAsync(cancellationToken);
            attempt = new BackupAttempt(
                services, request, sourceName, scratch, scratchInfo, snapshot, volume, opening.Repository, phases, warnings);
            report = await attempt.RunAsync(cancellationToken);
        }
        catch (Exception error) when (error is BackupException or OperationCanceledException)
        {
            await opening.DisposeAsync();
            var cost = request.Vault.Traffic.Since(opening.Before);
            request.OnFailed?.Invoke(new FailedRun(
                sourceName,
                request.Profile.Id,
                attempt?.ReadBytes ?? 0,
                cost.SentBytes,
                cost.StoredBytes,
                cost.Requests,
                scratch.PeakBytes,
                phases.End(),
                attempt?.Failed ?? []));
            throw;
        }

        phases.Begin("report", "Job completed.");
        var traffic = request.Vault.Traffic.Since(opening.Before);
        return report with
        {
            SentBytes = traffic.SentBytes,
            StoredBytes = traffic.StoredBytes,
            Requests = traffic.Requests,
            ScratchPeakBytes = scratch.PeakBytes,
            Phases = phases.End(),
        };
    }

    private static string NameOf(BackupRequest request)
    {
        var name = request.SourceName ?? request.Source.DefaultName;
        return name.Length is > 0 and <= 1024
            ? name
            : throw new BackupException(
                ErrorCode.ArgumentInvalid, "The data source's name is empty or longer than 1,024 characters.", "Give one with --name.");
    }
}
