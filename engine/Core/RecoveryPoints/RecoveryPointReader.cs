using Harness.Engine.Backup;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Ports;

namespace Harness.Engine.RecoveryPoints;

/// <summary>Lists the recovery points of a vault.</summary>
public sealed class RecoveryPointReader(EngineServices services)
{
    private readonly EngineServices _services = services;

    /// <summary>All recovery points, by source name and number.</summary>
    public ValueTask<IReadOnlyList<RecoveryPointInfo>> ListAsync(
        IVault vault, Passphrase passphrase, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorCode.InternalError, $"The pipeline is not in this commit ({_services.Work.Width}).");
}
