namespace Harness.Simulator.Volume;

/// <summary>The NTSTATUS codes by which handles are refused (MS-ERREF 2.3), by their names without STATUS_.</summary>
public enum NtStatus
{
    /// <summary>The operation may go on.</summary>
    Success = 0,

    /// <summary>A directory has no byte ranges to lock.</summary>
    InvalidParameter = unchecked((int)0xC000000D),

    /// <summary>The handle lacks the right, or the file is read-only, or a directory has open files below it.</summary>
    AccessDenied = unchecked((int)0xC0000022),

    /// <summary>A handle and the shares of another contradict each other.</summary>
    SharingViolation = unchecked((int)0xC0000043),

    /// <summary>Data that is read or written is locked.</summary>
    FileLockConflict = unchecked((int)0xC0000054),

    /// <summary>A range that is to be locked is locked.</summary>
    LockNotGranted = unchecked((int)0xC0000055),

    /// <summary>The name was deleted and goes when the last handle is closed.</summary>
    DeletePending = unchecked((int)0xC0000056),

    /// <summary>A range that is to be unlocked was not locked so.</summary>
    RangeNotLocked = unchecked((int)0xC000007E),

    /// <summary>A directory that is to be deleted has children.</summary>
    DirectoryNotEmpty = unchecked((int)0xC0000101),

    /// <summary>What is to be deleted is read-only or mapped.</summary>
    CannotDelete = unchecked((int)0xC0000121),

    /// <summary>A range ends beyond 2^64.</summary>
    InvalidLockRange = unchecked((int)0xC00001A1),

    /// <summary>A stream that is to be cut is mapped.</summary>
    UserMappedFile = unchecked((int)0xC0000243),
}
