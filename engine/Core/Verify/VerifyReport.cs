using Harness.Engine.Backup;

namespace Harness.Engine.Verify;

/// <summary>What a comparison found.</summary>
public sealed record VerifyReport
{
    /// <summary>Recovery point compared.</summary>
    public required long RecoveryPoint { get; init; }

    /// <summary>Its data source.</summary>
    public required string SourceName { get; init; }

    /// <summary>Files compared.</summary>
    public required long Files { get; init; }

    /// <summary>Directories compared.</summary>
    public required long Directories { get; init; }

    /// <summary>Bytes read from the source; holes are not read.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes received from the vault, which are metadata only.</summary>
    public required long ReceivedBytes { get; init; }

    /// <summary>Requests to the vault.</summary>
    public required long Requests { get; init; }

    /// <summary>Differences by path, then aspect.</summary>
    public required IReadOnlyList<SourceDifference> Differences { get; init; }

    /// <summary>What could not be compared, because the source could not be read or the vault holds no safe name for it.</summary>
    public required IReadOnlyList<FailedItem> Failed { get; init; }
}

/// <summary>One way in which an entry differs.</summary>
/// <param name="Path">Path with '/', a stream as <c>path:stream</c>.</param>
/// <param name="Aspect">
/// Stable word: missing-in-source, not-in-recovery-point, kind, size, content, streams, encryption, attributes, created-time,
/// written-time, security, reparse, hard-links.
/// </param>
/// <param name="Message">Both sides, for people.</param>
public sealed record SourceDifference(string Path, string Aspect, string Message);
