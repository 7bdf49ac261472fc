using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Check;

/// <summary>One check to run.</summary>
public sealed record CheckRequest
{
    /// <summary>The vault to check.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>Reads, decrypts and re-hashes every segment instead of checking structure only.</summary>
    public bool ReadData { get; init; }
}

/// <summary>What a check found.</summary>
public sealed record CheckReport
{
    /// <summary>Recovery points looked at.</summary>
    public required long RecoveryPoints { get; init; }

    /// <summary>Packs looked at.</summary>
    public required long Packs { get; init; }

    /// <summary>Segments read back and re-hashed; 0 without <see cref="CheckRequest.ReadData"/>.</summary>
    public required long SegmentsRead { get; init; }

    /// <summary>Bytes received from the vault.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Damage; empty when all is well.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>Blobs that nothing refers to, such as packs of a run that was cut off: no damage.</summary>
    public required IReadOnlyList<string> Unreferenced { get; init; }
}

/// <summary>One piece of damage.</summary>
/// <param name="Code">VaultBlobDamaged or VaultBlobMissing.</param>
/// <param name="Blob">Name of the blob.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="RecoveryPoints">Recovery points that suffer, as <c>source#number</c>.</param>
public sealed record CheckFinding(string Code, string Blob, string Message, IReadOnlyList<string> RecoveryPoints);
