namespace Harness.Simulator.Volume;

/// <summary>What Windows does with the name of a deleted file that others hold open with FileShare.Delete.</summary>
public enum DeleteBehavior
{
    /// <summary>
    /// Windows 10 1809 and later on NTFS (FILE_DISPOSITION_POSIX_SEMANTICS): the name goes when the handle that deletes is
    /// closed; other handles go on.
    /// </summary>
    NameGoesAtOnce,

    /// <summary>Before that: the name stays, opens are refused (STATUS_DELETE_PENDING), until the last handle is closed.</summary>
    NameStaysUntilClosed,
}
