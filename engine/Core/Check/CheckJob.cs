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
        await using var scratch = new TemporaryScratch(services.WorkLocation, services.Random);
        var findings = new Findings();
        services.Progress.Phase("Checking packs...");
        using var packs = await new PackCheck(services, repository, scratch, findings).RunAsync(request, cancellationToken);
        services.Progress.Phase("Checking recovery points...");
        var gc = await new MarkerCheck(repository, findings).RunAsync(cancellationToken);
        using var points = new RecoveryPointCheck(repository, services, scratch, findings, packs, gc);
        await points.RunAsync(cancellationToken);
        return new CheckReport
        {
            RecoveryPoints = points.Count,
            Packs = packs.Count,
            SegmentsRead = packs.SegmentsRead,
            ReceivedBytes = request.Vault.Traffic.Since(before).ReceivedBytes,
            Findings = findings.ToList(),
            Unreferenced = points.Unreferenced(),
        };
    }
}
