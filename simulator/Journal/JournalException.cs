namespace Harness.Simulator.Journal;

/// <summary>
/// The system error codes that the journal's control codes fail with ("Change Journals", winioctl.h; winerror.h).
/// </summary>
public enum JournalError
{
    /// <summary>ERROR_INVALID_FUNCTION: the file system has no change journal.</summary>
    InvalidFunction = 1,

    /// <summary>ERROR_INVALID_PARAMETER: another journal id, a USN that is no record, or a bad size.</summary>
    InvalidParameter = 87,

    /// <summary>ERROR_INSUFFICIENT_BUFFER: the buffer does not hold one record.</summary>
    InsufficientBuffer = 122,

    /// <summary>ERROR_JOURNAL_DELETE_IN_PROGRESS: the journal is being deleted.</summary>
    DeleteInProgress = 1178,

    /// <summary>ERROR_JOURNAL_NOT_ACTIVE: the volume has no journal.</summary>
    NotActive = 1179,

    /// <summary>ERROR_JOURNAL_ENTRY_DELETED: the record was trimmed; changes were lost to the reader.</summary>
    EntryDeleted = 1181,
}

/// <summary>An operation of the change journal failed as the control code of Windows does.</summary>
public sealed class JournalException : IOException
{
    /// <summary>Creates the error.</summary>
    /// <param name="error">The system error code.</param>
    /// <param name="message">What happened.</param>
    public JournalException(JournalError error, string message)
        : base(message, unchecked((int)0x80070000) | (int)error) => Error = error;

    /// <summary>The system error code; <see cref="Exception.HResult"/> is HRESULT_FROM_WIN32 of it.</summary>
    public JournalError Error { get; }
}
