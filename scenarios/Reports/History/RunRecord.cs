namespace Harness.Scenarios.Reports.History;

/// <summary>What the page keeps of one run when it shows later ones: every state, and how fast the run was.</summary>
public sealed record RunRecord
{
    /// <summary>When the run was recorded, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The commit that was run, or several joined by commas.</summary>
    public required string Commit { get; init; }

    /// <summary>Hash of the results, so that the same results are recorded once.</summary>
    public required string Hash { get; init; }

    /// <summary>The last line of the run.</summary>
    public required string Totals { get; init; }

    /// <summary>Bytes a second that full backups read and restores wrote, by vault; only steps of 256 KiB and more count.</summary>
    public required IReadOnlyDictionary<string, double> BytesPerSecond { get; init; }

    /// <summary>Bytes sent by the run, by vault.</summary>
    public required IReadOnlyDictionary<string, long> SentBytes { get; init; }

    /// <summary>The state of each cell by id and source, as <see cref="Pages.StateLetters"/> writes it.</summary>
    public required IReadOnlyDictionary<string, char> Cells { get; init; }
}
