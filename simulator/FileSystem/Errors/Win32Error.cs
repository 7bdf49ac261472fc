namespace Harness.Simulator.FileSystem.Errors;

/// <summary>The Win32 error codes that a file system gives ("System Error Codes"), by their names without ERROR_.</summary>
internal enum Win32Error
{
    None = 0,
    FileNotFound = 2,
    PathNotFound = 3,
    AccessDenied = 5,
    InvalidHandle = 6,
    NotSameDevice = 17,
    WriteProtect = 19,
    NotReady = 21,
    SharingViolation = 32,
    LockViolation = 33,
    BadNetworkPath = 53,
    FileExists = 80,
    InvalidParameter = 87,
    DiskFull = 112,
    InvalidName = 123,
    DirectoryNotEmpty = 145,
    LabelTooLong = 154,
    NotLocked = 158,
    AlreadyExists = 183,
    FilenameTooLong = 206,
    FileTooLarge = 223,
    DirectoryName = 267,
    InvalidLockRange = 307,
    UserMapped = 1224,
    DiskQuotaExceeded = 1295,
    CannotResolve = 1921,
    FileReadOnly = 6009,
    LockedVolume = unchecked((int)0x80310000),
}
