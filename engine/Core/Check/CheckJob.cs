using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Repositories;
using Harness.Engine.Tables;

namespace Harness.Engine.Check;

/// <summary>Checks a vault.</summary>
public sealed class CheckJob(EngineServices services)
{
    /// <summary>Checks and reports; damage is in the report, only an unusable vault throws <see cref="BackupException"/>.</summary>
    public async ValueTask<CheckReport> RunAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var before = request.Vault.Traffic;
        services.Progress.Phase("Opening the vault...");
        var repository = await RepositoryOpener.OpenAsync(request.Vault, request.Passphrase, cancellationToken);
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random, services.WorkMemoryBytes);
        var findings = new Findings();

        // What a run beside this check commits later may lie in packs that are not looked at; what a prune beside it removes is nobody's.
        var commits = await new CommitLog(repository).ListAllAsync(cancellationToken);
        services.Progress.Phase("Checking packs...");
        using var packs = await new PackCheck(services, repository, scratch, findings).RunAsync(request, cancellationToken);
        services.Progress.Phase("Checking recovery points...");
        var markers = new MarkerCheck(repository, findings);
        var gc = await markers.RunAsync(cancellationToken);
        using var points = new RecoveryPointCheck(repository, services, scratch, findings, packs, gc, markers);
        await points.RunAsync(commits, cancellationToken);
        return new CheckReport
        {
            RecoveryPoints = points.Count,
            Packs = packs.Count,
            SegmentsRead = packs.SegmentsRead,
            ReceivedBytes = request.Vault.Traffic.Since(before).ReceivedBytes,
            Findings = findings.ToList(),
            LostRecoveryPoints = points.LostPoints,
            LostFiles = await points.LostFilesAsync(cancellationToken),
            Unreferenced = points.Unreferenced(),
        };
    }
}
