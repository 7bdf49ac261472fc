using Harness.Engine.Crypto;
using Harness.Engine.Ports;

namespace Harness.Engine.Retention;

/// <summary>Recovery points to forget, or to say which a policy would.</summary>
public sealed record ForgetRequest
{
    /// <summary>The vault.</summary>
    public required IVault Vault { get; init; }

    /// <summary>Opens the vault.</summary>
    public required Passphrase Passphrase { get; init; }

    /// <summary>The data source; null for the only one.</summary>
    public string? SourceName { get; init; }

    /// <summary>Forgets what this policy does not keep; null to forget <see cref="Points"/>.</summary>
    public RetentionPolicy? Policy { get; init; }

    /// <summary>Numbers to forget; empty when a policy is given.</summary>
    public IReadOnlyList<long> Points { get; init; } = [];

    /// <summary>
    /// The scratch location of a source by its name, which spares reading what an earlier list has read; null, or null from it,
    /// where there is none.
    /// </summary>
    public Func<string, IScratch?>? ScratchOf { get; init; }

    /// <summary>Decides and changes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a forget decided.</summary>
/// <param name="SourceName">The data source.</param>
/// <param name="Decisions">Every recovery point, by number.</param>
/// <param name="Forgotten">Numbers that were forgotten, or would have been in a dry run.</param>
/// <param name="RestorableUntil">Until when they can be undeleted.</param>
public sealed record ForgetReport(
    string SourceName, IReadOnlyList<RetentionDecision> Decisions, IReadOnlyList<long> Forgotten, DateTimeOffset RestorableUntil);
