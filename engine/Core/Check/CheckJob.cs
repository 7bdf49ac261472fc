using Harness.Engine.Backup;
using Harness.Engine.Errors;

namespace Harness.Engine.Check;

/// <summary>Checks a vault.</summary>
public sealed class CheckJob(EngineServices services)
{
    private readonly EngineServices _services = services;

    /// <summary>Checks and reports; damage is in the report, only an unusable vault throws <see cref="BackupException"/>.</summary>
    public ValueTask<CheckReport> RunAsync(CheckRequest request, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.InternalError, $"The pipeline is not in this commit ({_services.Work.Width}).");
}
