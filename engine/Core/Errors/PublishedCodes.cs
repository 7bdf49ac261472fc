namespace Harness.Engine.Errors;

/// <summary>
/// The codes under which the documents publish what this engine reports by names of its own ("Troubleshoot the MARS agent",
/// 2019-07-05 and 2025-11-28; "Security features to help protect hybrid backups", 2023-03-01). Where two codes are published for one
/// cause, the one that says more comes first.
/// </summary>
public static class PublishedCodes
{
    /// <summary>Code of an error that ends a run; null where none is published.</summary>
    public static string? Of(ErrorCode code) => code switch
    {
        ErrorCode.ScratchFull => "SalLowDiskSpace",
        ErrorCode.ScratchDamaged => "SalChecksumStoreInitializationFailed",
        ErrorCode.ScratchNotDirectory or ErrorCode.ScratchNotWritable => "SalVhdInitializationError",
        ErrorCode.PassphraseWrong => "34506",
        ErrorCode.VaultAccessDenied => "34513",
        ErrorCode.VaultRolledBack => "100110",
        ErrorCode.VaultUnreachable => "100050",
        ErrorCode.RetentionPolicyInvalid => "0x29834",
        ErrorCode.SourceVanished => "0x80070003",
        _ => null,
    };

    /// <summary>Code of trouble with one entry, by its stable reason; null where none is published.</summary>
    public static string? OfReason(string reason) => reason switch
    {
        "access-denied" => "0x80070005",
        "vanished" => "0x80070002",
        "read-error" => "0x80070570",
        _ => null,
    };

    /// <summary>Code of a fallback or warning, by its stable code; null where none is published.</summary>
    public static string? OfNote(string code) => code switch
    {
        "scratch-damaged" => "SalChecksumStoreInitializationFailed",
        "fingerprints-rebuilt" or "scratch-rebuilt" => "SalBitmapError",
        _ => null,
    };
}
