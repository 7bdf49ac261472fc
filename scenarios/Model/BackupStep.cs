using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Rules;

namespace Harness.Scenarios.Model;

/// <summary>One backup and what must come out of it beyond the scenario's expect rows.</summary>
public sealed record BackupStep
{
    /// <summary>Which of several volumes; needed only when there are several.</summary>
    public string? Source { get; init; }

    /// <summary>Protects a case-sensitive source all the same.</summary>
    public bool AllowCaseSensitive { get; init; }

    /// <summary>A schedule asks for the run, so that it counts against the backups a day.</summary>
    public bool Scheduled { get; init; }

    /// <summary>Operating system of the source; Windows Server 2012 or later when not given.</summary>
    public ProtectedSystem? System { get; init; }

    /// <summary>Passphrase of this run; the scenario's own when not given.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Expected mode; when not given, full for the first recovery point of a source, then incremental.</summary>
    public BackupMode? Mode { get; init; }

    /// <summary>The run must be refused or fail with this code, and must leave all recovery points as they were.</summary>
    public ErrorCode? Refused { get; init; }

    /// <summary>The clause that a refusal must name.</summary>
    public string? Clause { get; init; }

    /// <summary>Exactly these warnings, by code; those of the matching expect row when not given.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Exactly these fallbacks, by code; not looked at when not given.</summary>
    public IReadOnlyList<string>? Fallbacks { get; init; }

    /// <summary>
    /// Exactly these codes of the documents, such as SalLowDiskSpace or 0x80070005: of the refusal, or of all fallbacks, warnings and
    /// failed entries; those of the matching expect row, and else not looked at, when not given.
    /// </summary>
    public IReadOnlyList<string>? Published { get; init; }

    /// <summary>What those who watch over backups are told; not looked at when not given.</summary>
    public AlertLevel? Alert { get; init; }

    /// <summary>Outcomes that come before those of the expect row.</summary>
    public IReadOnlyList<PathExpectation> Paths { get; init; } = [];

    /// <summary>Bounds on what the run may cost.</summary>
    public BudgetDocument? Budget { get; init; }
}
