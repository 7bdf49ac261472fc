using System.Text.Json.Serialization;
using Harness.Engine.Errors;

namespace Harness.Engine.Backup;

/// <summary>Everything a run has to tell, with the stable names of the JSON output (camelCase).</summary>
public sealed record BackupReport
{
    /// <summary>Number of the recovery point that was committed; null after a dry run.</summary>
    public required long? RecoveryPoint { get; init; }

    /// <summary>Data source in the vault.</summary>
    public required string SourceName { get; init; }

    /// <summary>Profile id.</summary>
    public required string Profile { get; init; }

    /// <summary>Full for the first recovery point of a source, else incremental.</summary>
    public required BackupMode Mode { get; init; }

    /// <summary>Consistency of the snapshot.</summary>
    public required Model.ConsistencyLevel Consistency { get; init; }

    /// <summary>Where a cheaper way was not open, and why.</summary>
    public required IReadOnlyList<ReportNote> Fallbacks { get; init; }

    /// <summary>What the recovery point protects.</summary>
    public required ProtectedTotals Protected { get; init; }

    /// <summary>
    /// Bytes of pages that differ from the previous recovery point, each page counted to its own length; for a full-only file
    /// that changed, its whole length. A full backup counts all data pages.
    /// </summary>
    public required long ChangedBytes { get; init; }

    /// <summary>Bytes read from the source.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Of a dry run, what the run would do; else null.</summary>
    public DryRunPlan? Planned { get; init; }

    /// <summary>Bytes sent to the vault, as counted on the wire.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Content bytes of the blobs created.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Requests to the vault, as counted on the wire, retries included.</summary>
    public required long Requests { get; init; }

    /// <summary>The most that the scratch location held at any moment of the run.</summary>
    public required long ScratchPeakBytes { get; init; }

    /// <summary>Phases in order with their durations by the run's clock.</summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    /// <summary>Warnings, none of which stopped the job.</summary>
    public required IReadOnlyList<ReportNote> Warnings { get; init; }

    /// <summary>What the rules left out, in ordinal order of path.</summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    /// <summary>What the rules protect but could not be read, in ordinal order of path.</summary>
    public required IReadOnlyList<FailedItem> Failed { get; init; }

    /// <summary>Paths that are sent whole on each change, in ordinal order.</summary>
    public required IReadOnlyList<string> FullOnly { get; init; }

    /// <summary>What those who watch over backups are told of it.</summary>
    public AlertLevel Alert => PartialSuccess.Judge(Failed.Count, Protected.Files);
}

/// <summary>Kind of a recovery point's making.</summary>
public enum BackupMode
{
    /// <summary>Everything was sent.</summary>
    Full,

    /// <summary>Only what changed since the previous recovery point.</summary>
    Incremental,
}

/// <summary>Totals of what is protected.</summary>
/// <param name="Files">Files (directories are not counted).</param>
/// <param name="Directories">Directories.</param>
/// <param name="LogicalBytes">Sum of logical sizes of protected streams.</param>
/// <param name="AllocatedBytes">Sum of allocated sizes of protected streams.</param>
public sealed record ProtectedTotals(long Files, long Directories, long LogicalBytes, long AllocatedBytes);

/// <summary>A warning or fallback.</summary>
/// <param name="Code">Stable code in kebab case.</param>
/// <param name="Message">For people.</param>
/// <param name="Clause">The clause behind it, or null.</param>
public sealed record ReportNote(string Code, string Message, string? Clause = null)
{
    /// <summary>The code under which the documents publish it; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Published => PublishedCodes.OfNote(Code);
}

/// <summary>Duration of one phase.</summary>
/// <param name="Name">Stable name in kebab case.</param>
/// <param name="Milliseconds">By the run's clock.</param>
public sealed record PhaseTime(string Name, double Milliseconds);

/// <summary>Something that the rules left out.</summary>
/// <param name="Path">Relative to the source with '/', a stream as <c>path:stream</c>.</param>
/// <param name="Reason">Stable reason in kebab case.</param>
/// <param name="Clause">Id of the clause that decided.</param>
/// <param name="Status">documented, inferred or open.</param>
public sealed record SkippedItem(string Path, string Reason, string Clause, string Status);

/// <summary>Something that the rules protect but that could not be read.</summary>
/// <param name="Path">Relative to the source with '/', a stream as <c>path:stream</c>.</param>
/// <param name="Reason">Stable reason in kebab case: access-denied, locked, vanished, read-error, changed-while-read, name-invalid.</param>
/// <param name="Message">What the operating system said.</param>
/// <param name="Clause">Id of the clause by which it is protected.</param>
public sealed record FailedItem(string Path, string Reason, string Message, string Clause)
{
    /// <summary>The code under which the documents publish it; null, and not written, where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Published => PublishedCodes.OfReason(Reason);
}
