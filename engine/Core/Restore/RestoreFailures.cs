using Harness.Engine.Backup;
using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Restore;

/// <summary>Trouble that concerns one entry only, so that the restore goes on without it.</summary>
internal static class RestoreFailures
{
    /// <summary>The reason that a report gives for trouble with one entry; null for what ends the restore.</summary>
    public static string? ReasonOf(ErrorCode code) => code switch
    {
        ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing => "vault-damaged",
        ErrorCode.TargetEntryRefused => "target-refused",
        ErrorCode.TargetEscape => "target-escape",
        _ => null,
    };

    /// <summary>A line of the report.</summary>
    public static FailedItem Of(string path, EntryRecord entry, string reason, string message) =>
        new(path, reason, message, entry.Protection == Rules.Protection.FullOnly ? "file.encrypted" : Failures.OrdinaryClause);
}
