using Harness.Engine.Errors;

namespace Harness.Simulator.Volume;

/// <summary>
/// A refusal that open handles cause, or that a handle meets: VolumeOperationInvalid with the status that Windows gives.
/// </summary>
public sealed class VolumeStatusException : BackupException
{
    internal VolumeStatusException(NtStatus status, string path)
        : base(ErrorCode.VolumeOperationInvalid, $"'{path}': {RuleOf(status)} ({NameOf(status)}).", RemedyOf(status))
    {
        Status = status;
        VolumePath = path;
    }

    /// <summary>The status.</summary>
    public NtStatus Status { get; }

    /// <summary>Path on the volume.</summary>
    public string VolumePath { get; }

    /// <summary>What RtlNtStatusToDosError makes of the status.</summary>
    public int Win32Code => Status switch
    {
        NtStatus.SharingViolation => 32,
        NtStatus.FileLockConflict or NtStatus.LockNotGranted => 33,
        NtStatus.InvalidParameter => 87,
        NtStatus.DirectoryNotEmpty => 145,
        NtStatus.RangeNotLocked => 158,
        NtStatus.InvalidLockRange => 307,
        NtStatus.UserMappedFile => 1224,
        _ => 5,
    };

    private static string RuleOf(NtStatus status) => status switch
    {
        NtStatus.SharingViolation => "it is open by a handle that does not share this, or that does what this one does not share",
        NtStatus.FileLockConflict => "another handle has locked a portion of it",
        NtStatus.LockNotGranted => "the range overlaps one that is locked",
        NtStatus.InvalidParameter => "a directory has no byte ranges",
        NtStatus.DirectoryNotEmpty => "the directory is not empty",
        NtStatus.RangeNotLocked => "this handle has locked no such range",
        NtStatus.InvalidLockRange => "the range ends beyond 2^64",
        NtStatus.UserMappedFile => "it has a mapped section, and cannot be cut",
        NtStatus.CannotDelete => "it is read-only or mapped, and cannot be deleted",
        NtStatus.DeletePending => "it was deleted, and its name goes with the last handle",
        _ => "the handle lacks the right, the file is read-only, or files below the directory are open",
    };

    private static string RemedyOf(NtStatus status) => status switch
    {
        NtStatus.SharingViolation or NtStatus.DeletePending => "Close the other handles. See MS-FSA 2.1.5.1.2.2.",
        NtStatus.FileLockConflict or NtStatus.LockNotGranted or NtStatus.RangeNotLocked or NtStatus.InvalidLockRange =>
            "Unlock what is in the way. See MS-FSA 2.1.4.10, 2.1.5.8 and 2.1.5.9.",
        _ => "Check how the handle was opened, and what else is open.",
    };

    private static string NameOf(NtStatus status) => $"0x{unchecked((uint)status):X8} {status}";
}
