using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.Tables;

namespace Harness.Engine.Backup;

/// <summary>
/// Runs a session over one snapshot and, when the state in the scratch location turns out to be damaged on the way, a second one
/// that builds the state anew from the vault. What the first one sent is not sent twice. Logical thread only.
/// </summary>
internal sealed class BackupAttempt(
    EngineServices services,
    BackupRequest request,
    string sourceName,
    MeteredScratch scratch,
    ScratchInfo scratchInfo,
    ISnapshot snapshot,
    VolumeInfo volume,
    Task<Repository?> opening,
    PhaseClock phases,
    List<ReportNote> warnings)
{
    /// <summary>Bytes read from the source up to now.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>What could not be read up to now.</summary>
    public IReadOnlyList<FailedItem> Failed { get; private set; } = [];

    public async ValueTask<BackupReport> RunAsync(CancellationToken cancellationToken)
    {
        var warningsBefore = warnings.Count;
        try
        {
            return await RunSessionAsync(opening, cancellationToken);
        }
        catch (TableDamagedException damage)
        {
            warnings.RemoveRange(warningsBefore, warnings.Count - warningsBefore);
            var again = RepositoryOpener
                .TryOpenAsync(request.Vault, request.Passphrase, services.Work, remembered: null, cancellationToken).AsTask();
            var report = await RunSessionAsync(again, cancellationToken);
            return report with { Fallbacks = [new ReportNote("scratch-damaged", damage.Message), .. report.Fallbacks] };
        }
    }

    private async ValueTask<BackupReport> RunSessionAsync(Task<Repository?> repository, CancellationToken cancellationToken)
    {
        await using var listing = new SnapshotListing(snapshot, request.Profile, cancellationToken);
        using var session = new BackupSession(services, request, sourceName, scratch, snapshot, volume);
        try
        {
            phases.Begin("prepare", "Preparing storage...");
            await session.LoadAsync(repository, listing, cancellationToken);

            phases.Begin("estimate", "Estimating size of backup items...");
            var estimate = await session.EstimateAsync(listing, cancellationToken);
            var sizeBytes = estimate.Size(request.Profile.Options.SizeMeasure);
            Preflight.CheckSourceSize(request.Profile, sourceName, sizeBytes, request.System, request.Workload);
            Preflight.CheckScratch(request.Profile, scratchInfo, sizeBytes, warnings);
            return request.DryRun
                ? session.DryReport(estimate, warnings)
                : await session.RunAsync(estimate, phases, warnings, cancellationToken);
        }
        catch (TableDamagedException)
        {
            await session.ForgetStateAsync(cancellationToken);
            throw;
        }
        finally
        {
            ReadBytes += session.ReadBytes;
            Failed = session.Failed;
        }
    }
}
