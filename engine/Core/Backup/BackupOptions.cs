namespace Harness.Engine.Backup;

/// <summary>How a backup goes about its work.</summary>
public sealed record BackupOptions
{
    /// <summary>
    /// Packs after which the run says in the vault what it has done, so that a run that is cut off is not begun anew even where its
    /// scratch location is lost; 1 to 1,024, default 8.
    /// </summary>
    public int PacksPerCheckpoint { get; init; } = 8;
}
