using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Restore;

/// <summary>One restore to run.</summary>
public sealed record RestoreRequest
{
    /// <summary>Where from.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>Where to.</summary>
    public required IRestoreTarget Target { get; init; }

    /// <summary>Data source; null when the vault holds only one.</summary>
    public string? SourceName { get; init; }

    /// <summary>Recovery point; null takes the latest.</summary>
    public long? RecoveryPoint { get; init; }

    /// <summary>
    /// Files and folders within the recovery point, with '/'; none takes everything. A '\' separates too, unless an entry of
    /// just that name exists: on Linux it is a letter like any other.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What to do where something is already there; null refuses a target that is not empty.</summary>
    public CollisionPolicy? OnCollision { get; init; }

    /// <summary>How it goes about its work.</summary>
    public RestoreOptions Options { get; init; } = new();
}
