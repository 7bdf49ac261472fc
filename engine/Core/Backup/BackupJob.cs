using Harness.Engine.Errors;

namespace Harness.Engine.Backup;

/// <summary>Runs one backup.</summary>
public sealed class BackupJob(EngineServices services)
{
    private readonly EngineServices _services = services;

    /// <summary>
    /// Runs to a committed recovery point and reports. Refusals and failures throw <see cref="BackupException"/>; trouble with
    /// single entries is in the report.
    /// </summary>
    public ValueTask<BackupReport> RunAsync(BackupRequest request, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.InternalError, $"The pipeline is not in this commit ({_services.Work.Width}).");
}
