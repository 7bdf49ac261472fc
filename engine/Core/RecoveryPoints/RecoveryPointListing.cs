namespace Harness.Engine.RecoveryPoints;

/// <summary>The recovery points of a vault.</summary>
/// <param name="Points">Those whose commit can be read, by source name and number.</param>
/// <param name="Damaged">Those whose commit cannot; empty when all is well.</param>
public sealed record RecoveryPointListing(IReadOnlyList<RecoveryPointInfo> Points, IReadOnlyList<DamagedPoint> Damaged);

/// <summary>A recovery point of which a list cannot tell, because its commit is damaged or gone.</summary>
/// <param name="SourceName">Its data source; its id in the vault where no commit of it can be read.</param>
/// <param name="RecoveryPoint">Its number.</param>
/// <param name="Code">VaultBlobDamaged or VaultBlobMissing.</param>
/// <param name="Blob">Name of the commit.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record DamagedPoint(string SourceName, long RecoveryPoint, string Code, string Blob, string Message);
