using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Prune;

/// <summary>One prune to run.</summary>
public sealed record PruneRequest
{
    /// <summary>The vault to prune.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>Percent of a pack, 0 to 100, that may be unused before its rest is copied and the pack removed; default 20.</summary>
    public int MaxUnusedPercent { get; init; } = 20;

    /// <summary>Says what would happen and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Name of a session whose writer is dead, as a report gave it; it is removed first.</summary>
    public string? BreakSession { get; init; }
}

/// <summary>What a prune did. Sizes are of blobs.</summary>
public sealed record PruneReport
{
    /// <summary>Recovery points that became unrestorable for good: their 14 days were over.</summary>
    public required long RecoveryPointsGone { get; init; }

    /// <summary>Packs removed, condemned by an earlier prune.</summary>
    public required long RemovedPacks { get; init; }

    /// <summary>Bytes of those.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>Commits removed.</summary>
    public required long RemovedCommits { get; init; }

    /// <summary>Manifests removed.</summary>
    public required long RemovedManifests { get; init; }

    /// <summary>Packs condemned now, to be removed by a later prune.</summary>
    public required long CondemnedPacks { get; init; }

    /// <summary>Bytes of those.</summary>
    public required long CondemnedBytes { get; init; }

    /// <summary>Packs among them whose used segments were copied.</summary>
    public required long RepackedPacks { get; init; }

    /// <summary>Bytes of packs written for those.</summary>
    public required long RepackedBytes { get; init; }

    /// <summary>Sessions that earlier condemned blobs wait for.</summary>
    public required IReadOnlyList<string> WaitingFor { get; init; }
}
