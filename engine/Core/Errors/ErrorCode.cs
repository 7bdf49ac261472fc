namespace Harness.Engine.Errors;

/// <summary>
/// The stable code of every error that a person can meet. Names never change their meaning and are never reused;
/// they are printed as they stand here.
/// </summary>
public enum ErrorCode
{
    /// <summary>A broken invariant of the engine itself: a bug.</summary>
    InternalError,

    /// <summary>A command-line argument or option value is not usable.</summary>
    ArgumentInvalid,

    /// <summary>A file that the user named cannot be read or written.</summary>
    FileInaccessible,

    /// <summary>The passphrase is shorter than 16 characters.</summary>
    PassphraseTooShort,

    /// <summary>The passphrase has characters outside printable ASCII.</summary>
    PassphraseNotAscii,

    /// <summary>The passphrase does not open this vault.</summary>
    PassphraseWrong,

    /// <summary>No passphrase was given.</summary>
    PassphraseMissing,

    /// <summary>The vault holds no repository.</summary>
    VaultEmpty,

    /// <summary>The vault cannot be reached or refuses service.</summary>
    VaultUnreachable,

    /// <summary>The vault denied access: expired or insufficient credentials.</summary>
    VaultAccessDenied,

    /// <summary>The vault accepts no more data.</summary>
    VaultFull,

    /// <summary>The vault was written by another format version.</summary>
    VaultFormatUnsupported,

    /// <summary>A blob of the vault is truncated, altered, or not what its name says.</summary>
    VaultBlobDamaged,

    /// <summary>A blob that something refers to is not in the vault.</summary>
    VaultBlobMissing,

    /// <summary>The vault shows an older state than this machine has already seen.</summary>
    VaultRolledBack,

    /// <summary>Another writer committed a recovery point of the same data source meanwhile.</summary>
    CommitConflict,

    /// <summary>The session of a writer was taken from it, so that what it relied on may be gone.</summary>
    SessionBroken,

    /// <summary>A data source has as many recovery points as the documentation allows.</summary>
    RecoveryPointLimitReached,

    /// <summary>A schedule asks for more backups of a data source a day than the rules allow.</summary>
    BackupsPerDayExceeded,

    /// <summary>The recovery point cannot be forgotten, or not be undeleted any more.</summary>
    RecoveryPointNotChangeable,

    /// <summary>A retention policy breaks a documented range.</summary>
    RetentionPolicyInvalid,

    /// <summary>The vault name is not one of the known forms.</summary>
    VaultNameInvalid,

    /// <summary>The recovery point asked for does not exist.</summary>
    RecoveryPointNotFound,

    /// <summary>The data source asked for has no recovery point, or several sources exist and none was named.</summary>
    DataSourceNotFound,

    /// <summary>The source path does not exist or is not a directory.</summary>
    SourceNotFound,

    /// <summary>The source disappeared during the run.</summary>
    SourceVanished,

    /// <summary>The source lies on a case-sensitive file system.</summary>
    SourceCaseSensitive,

    /// <summary>The source is larger than the profile allows for one data source.</summary>
    SourceTooLarge,

    /// <summary>The volume kind is not supported: removable, network, read-only, offline or locked.</summary>
    SourceVolumeUnsupported,

    /// <summary>The source volume could not make a snapshot.</summary>
    SnapshotFailed,

    /// <summary>The scratch location has less free space than the profile demands.</summary>
    ScratchTooSmall,

    /// <summary>The scratch location is not a usable directory.</summary>
    ScratchNotDirectory,

    /// <summary>The scratch location cannot be written.</summary>
    ScratchNotWritable,

    /// <summary>The scratch location is encrypted, compressed, sparse, a reparse point, or not on a local fixed volume.</summary>
    ScratchUnsupported,

    /// <summary>The scratch volume filled up during the run (published as SalLowDiskSpace).</summary>
    ScratchFull,

    /// <summary>A scratch or temporary location gives back other bytes than were written to it, again after all of it was made anew.</summary>
    ScratchDamaged,

    /// <summary>The rule profile does not exist.</summary>
    ProfileNotFound,

    /// <summary>A rule profile file breaks its own schema.</summary>
    ProfileInvalid,

    /// <summary>The restore target exists and is not empty.</summary>
    TargetNotEmpty,

    /// <summary>The restore target cannot be written.</summary>
    TargetNotWritable,

    /// <summary>The volume of the restore target is full.</summary>
    TargetFull,

    /// <summary>The restore target refuses one entry: its name, size or kind cannot exist there.</summary>
    TargetEntryRefused,

    /// <summary>A name in the vault would leave the restore target.</summary>
    TargetEscape,

    /// <summary>The path asked for is not in the recovery point.</summary>
    PathNotInRecoveryPoint,

    /// <summary>A recipe document is not valid.</summary>
    RecipeInvalid,

    /// <summary>A scenario document is not valid.</summary>
    ScenarioInvalid,

    /// <summary>A scenario id or filter selects nothing.</summary>
    NothingSelected,

    /// <summary>Node.js is not installed, or too old for Azurite.</summary>
    NodeMissing,

    /// <summary>Azurite could not be installed.</summary>
    AzuriteInstallFailed,

    /// <summary>Azurite did not start.</summary>
    AzuriteStartFailed,

    /// <summary>The TCP port asked for is taken.</summary>
    AzuritePortTaken,

    /// <summary>The simulated volume has no room for the operation.</summary>
    VolumeFull,

    /// <summary>The owner of a file on a simulated volume has used up a quota.</summary>
    VolumeQuotaExceeded,

    /// <summary>A simulated-volume operation breaks a rule of the file system.</summary>
    VolumeOperationInvalid,

    /// <summary>There is too little memory for the process.</summary>
    MemoryShort,

    /// <summary>The platform lacks what the operation needs.</summary>
    PlatformUnsupported,

    /// <summary>The run was cancelled.</summary>
    Cancelled,
}
