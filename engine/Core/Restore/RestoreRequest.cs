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

    /// <summary>A file or folder within the recovery point, with '/'; null takes everything.</summary>
    public string? Path { get; init; }

    /// <summary>What to do where something is already there; null refuses a target that is not empty.</summary>
    public CollisionPolicy? OnCollision { get; init; }
}

/// <summary>What to do when a file of the same name exists (the three choices of the published recovery wizard).</summary>
public enum CollisionPolicy
{
    /// <summary>Writes beside it under a free name.</summary>
    CreateCopy,

    /// <summary>Leaves what is there.</summary>
    Skip,

    /// <summary>Replaces it.</summary>
    Overwrite,
}

/// <summary>What a restore did.</summary>
public sealed record RestoreReport
{
    /// <summary>Recovery point restored.</summary>
    public required long RecoveryPoint { get; init; }

    /// <summary>Its data source.</summary>
    public required string SourceName { get; init; }

    /// <summary>Where it went.</summary>
    public required string Target { get; init; }

    /// <summary>Files written.</summary>
    public required long Files { get; init; }

    /// <summary>Directories made or found.</summary>
    public required long Directories { get; init; }

    /// <summary>Data bytes written, holes not counted.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Bytes received from the vault, as counted on the wire.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Requests to the vault, as counted on the wire.</summary>
    public required long Requests { get; init; }

    /// <summary>What the recovery point lists as skipped by the rules, so that it stays visible.</summary>
    public required IReadOnlyList<Backup.SkippedItem> Skipped { get; init; }

    /// <summary>What the recovery point lists as failed, and what could not be restored now.</summary>
    public required IReadOnlyList<Backup.FailedItem> Failed { get; init; }

    /// <summary>Files left alone because something was already there.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>What the target could not express, by path.</summary>
    public required IReadOnlyList<RestoreNote> Notes { get; init; }
}

/// <summary>Something that the target could not express.</summary>
/// <param name="Path">Path within the recovery point.</param>
/// <param name="Message">What was lost, for people.</param>
public sealed record RestoreNote(string Path, string Message);
