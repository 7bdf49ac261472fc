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

    /// <summary>Reads the data of a part of the packs only; null for all, when <see cref="ReadData"/>.</summary>
    public ReadDataSubset? Subset { get; init; }
}

/// <summary>
/// One of the parts that packs fall into by the first byte of their hash. Parts 1 to <paramref name="Of"/>, read on as many
/// days, are all packs.
/// </summary>
/// <param name="Part">Which part, from 1.</param>
/// <param name="Of">How many parts, 1 to 256.</param>
public readonly record struct ReadDataSubset(int Part, int Of)
{
    /// <summary>Whether a pack, by the first byte of its hash, belongs to the part.</summary>
    public bool Includes(byte firstByte) => firstByte % Of == Part - 1;

    /// <summary>From <c>n/t</c>; null when it is no such text or out of range.</summary>
    public static ReadDataSubset? Parse(string? text)
    {
        var parts = text?.Split('/') ?? [];
        return parts.Length == 2
            && int.TryParse(parts[0], System.Globalization.NumberStyles.None, null, out var part)
            && int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out var of)
            && of is >= 1 and <= 256 && part >= 1 && part <= of
                ? new ReadDataSubset(part, of)
                : null;
    }
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

    /// <summary>Recovery points of which nothing can be restored, as <c>source#number</c>.</summary>
    public required IReadOnlyList<string> LostRecoveryPoints { get; init; }

    /// <summary>Files of the others whose content is lost, at most 100,000.</summary>
    public required IReadOnlyList<LostFile> LostFiles { get; init; }

    /// <summary>Blobs that nothing refers to, such as packs of a run that was cut off: no damage.</summary>
    public required IReadOnlyList<string> Unreferenced { get; init; }
}

/// <summary>One piece of damage.</summary>
/// <param name="Code">VaultBlobDamaged or VaultBlobMissing.</param>
/// <param name="Blob">Name of the blob.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="RecoveryPoints">Recovery points that suffer, as <c>source#number</c>.</param>
public sealed record CheckFinding(string Code, string Blob, string Message, IReadOnlyList<string> RecoveryPoints);
