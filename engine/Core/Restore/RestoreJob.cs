using Harness.Engine.Backup;
using Harness.Engine.Errors;

namespace Harness.Engine.Restore;

/// <summary>Runs one restore.</summary>
public sealed class RestoreJob(EngineServices services)
{
    private readonly EngineServices _services = services;

    /// <summary>Restores and reports; refusals throw <see cref="BackupException"/>.</summary>
    public ValueTask<RestoreReport> RunAsync(RestoreRequest request, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.InternalError, $"The pipeline is not in this commit ({_services.Work.Width}).");
}
