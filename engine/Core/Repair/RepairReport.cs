using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Repair;

/// <summary>One repair to run.</summary>
public sealed record RepairRequest
{
    /// <summary>The vault to repair.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>Reads every segment to find packs that are damaged inside; else missing and shortened ones are found.</summary>
    public bool ReadData { get; init; }

    /// <summary>Says what would happen and changes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a repair found and did. Nothing that a recovery point refers to is ever dropped.</summary>
/// <param name="ReindexedPacks">Packs that no readable index named and that their own footers brought back.</param>
/// <param name="RemovedIndexes">Index blobs that could not be read, after their packs were brought back.</param>
/// <param name="DamagedPacks">Packs marked as damaged: the next backup that reads their content sends it again.</param>
/// <param name="UnreadablePacks">Packs that no index names and whose footer cannot be read.</param>
/// <param name="RebuiltGc">Whether the record of removals was damaged and is made anew.</param>
/// <param name="Unrepaired">Damage that stays, with the recovery points that suffer.</param>
/// <param name="LostRecoveryPoints">Recovery points of which nothing can be restored any more, as <c>source#number</c>.</param>
/// <param name="LostFiles">Files of the others that cannot be restored, as long as their content is not sent again.</param>
public sealed record RepairReport(
    IReadOnlyList<string> ReindexedPacks,
    IReadOnlyList<string> RemovedIndexes,
    IReadOnlyList<string> DamagedPacks,
    IReadOnlyList<string> UnreadablePacks,
    bool RebuiltGc,
    IReadOnlyList<Check.CheckFinding> Unrepaired,
    IReadOnlyList<string> LostRecoveryPoints,
    IReadOnlyList<Check.LostFile> LostFiles);
