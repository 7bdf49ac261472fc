namespace Harness.Engine.Backup;

/// <summary>What those who watch over backups are told of a run that made a recovery point.</summary>
public enum AlertLevel
{
    /// <summary>Nothing: all that the rules protect is protected.</summary>
    None,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>The documents do not say.</summary>
    Undecided,
}

/// <summary>
/// When a run that left files out is a warning: fewer than one hundred of them, and more than one million that went well ("Manage
/// backups of Windows servers", 2016, clause <c>outcome.alert</c>). A failed run is critical; outside of these numbers no document
/// decides.
/// </summary>
public static class PartialSuccess
{
    /// <summary>From this many failed files on it is not known to be a warning.</summary>
    public const long TooManyFailed = 100;

    /// <summary>More files than this have to go well.</summary>
    public const long EnoughFiles = 1_000_000;

    /// <summary>The alert for a run.</summary>
    /// <param name="failed">Files and streams that could not be read.</param>
    /// <param name="files">Files that are protected.</param>
    public static AlertLevel Judge(long failed, long files) =>
        failed == 0 ? AlertLevel.None
        : failed < TooManyFailed && files > EnoughFiles ? AlertLevel.Warning
        : AlertLevel.Undecided;
}
