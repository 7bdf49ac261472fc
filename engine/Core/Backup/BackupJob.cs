using Harness.Engine.Errors;

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
        var trafficBefore = request.Vault.Traffic;
        var sourceName = NameOf(request);

        phases.Begin("preflight", "Checking the source and the scratch location...");
        var volume = await request.Source.DescribeAsync(cancellationToken);
        Preflight.CheckVolume(request.Profile, volume, sourceName, request.AllowCaseSensitive, warnings);
        var scratchInfo = await request.Scratch.DescribeAsync(cancellationToken);
        var scratch = new MeteredScratch(request.Scratch, scratchInfo.UsedBytes);

        phases.Begin("snapshot", "Taking snapshot of volumes...");
        var snapshot = await request.Source.CreateSnapshotAsync(cancellationToken);
        BackupReport report;
        await using (snapshot)
        {
            var attempt = new BackupAttempt(services, request, sourceName, scratch, scratchInfo, snapshot, volume, phases, warnings);
            report = await attempt.RunAsync(cancellationToken);
        }

        phases.Begin("report", "Job completed.");
        var traffic = request.Vault.Traffic.Since(trafficBefore);
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
