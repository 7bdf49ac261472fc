namespace Harness.Simulator.Snapshots.Vss;

/// <summary>The documented results of the Volume Shadow Copy Service (vss.h, vswriter.h), as HRESULTs.</summary>
public enum VssError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>VSS_E_BAD_STATE: the call does not fit the state.</summary>
    BadState = unchecked((int)0x80042301),

    /// <summary>VSS_E_OBJECT_NOT_FOUND: no such snapshot or volume.</summary>
    ObjectNotFound = unchecked((int)0x80042308),

    /// <summary>VSS_E_VOLUME_NOT_SUPPORTED: the volume cannot be snapshotted at all.</summary>
    VolumeNotSupported = unchecked((int)0x8004230C),

    /// <summary>VSS_E_OBJECT_ALREADY_EXISTS: the volume is in the set already.</summary>
    ObjectAlreadyExists = unchecked((int)0x8004230D),

    /// <summary>VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER: the volume was not added to this provider.</summary>
    VolumeNotSupportedByProvider = unchecked((int)0x8004230E),

    /// <summary>VSS_E_FLUSH_WRITES_TIMEOUT: the volumes could not be flushed in time.</summary>
    FlushWritesTimeout = unchecked((int)0x80042313),

    /// <summary>VSS_E_HOLD_WRITES_TIMEOUT: writes could not be held as long as the commit took.</summary>
    HoldWritesTimeout = unchecked((int)0x80042314),

    /// <summary>VSS_E_SNAPSHOT_SET_IN_PROGRESS: another set is being made.</summary>
    SnapshotSetInProgress = unchecked((int)0x80042316),

    /// <summary>VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED: the volume has as many as it may.</summary>
    MaximumNumberOfSnapshotsReached = unchecked((int)0x80042317),

    /// <summary>VSS_E_INSUFFICIENT_STORAGE: the diff area has no room for another snapshot.</summary>
    InsufficientStorage = unchecked((int)0x8004231F),

    /// <summary>VSS_E_WRITERERROR_TIMEOUT: a writer did not answer, or stayed frozen, beyond the limit.</summary>
    WriterTimeout = unchecked((int)0x800423F2),

    /// <summary>VSS_E_WRITERERROR_RETRYABLE: a writer failed, and might not the next time.</summary>
    WriterRetryable = unchecked((int)0x800423F3),

    /// <summary>VSS_E_WRITERERROR_NONRETRYABLE: a writer failed, and will again.</summary>
    WriterNonRetryable = unchecked((int)0x800423F4),
}
