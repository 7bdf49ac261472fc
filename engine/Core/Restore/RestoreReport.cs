namespace Harness.Engine.Restore;

/// <summary>What a restore did.</summary>
public sealed record RestoreReport
{
    /// <summary>Recovery point restored.</summary>
    public required long RecoveryPoint { get; init; }

    /// <summary>Its data source.</summary>
    public required string SourceName { get; init; }

    /// <summary>Where it went.</summary>
    public required string Target { get; init; }

    /// <summary>Files that are now in the target as they were protected.</summary>
    public required long Files { get; init; }

    /// <summary>Of those, the ones that were there byte for byte: nothing but their metadata was set.</summary>
    public required long UnchangedFiles { get; init; }

    /// <summary>Directories made or found.</summary>
    public required long Directories { get; init; }

    /// <summary>Data bytes written, holes not counted.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Of the data bytes written, those that the target held already and that were copied there, not fetched.</summary>
    public required long ReusedBytes { get; init; }

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
