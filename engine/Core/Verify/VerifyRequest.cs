using Harness.Engine.Crypto;
using Harness.Engine.Ports;
using Harness.Engine.Rules;

namespace Harness.Engine.Verify;

/// <summary>One comparison of a recovery point with a source.</summary>
public sealed record VerifyRequest
{
    /// <summary>The vault.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>What to compare with: the live source, or a restored copy of it.</summary>
    public required IDataSource Source { get; init; }

    /// <summary>
    /// Rules that say which entries of the source a recovery point leaves out; what it set aside of them itself is taken into account.
    /// </summary>
    public required RuleProfile Profile { get; init; }

    /// <summary>Data source in the vault; null when it holds only one.</summary>
    public string? SourceName { get; init; }

    /// <summary>Recovery point; null takes the latest.</summary>
    public long? RecoveryPoint { get; init; }

    /// <summary>Files and folders to compare, with '/'; none compares everything.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}
