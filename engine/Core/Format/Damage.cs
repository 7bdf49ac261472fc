using Harness.Engine.Errors;

namespace Harness.Engine.Format;

/// <summary>Builds the error for a blob that is not what it should be.</summary>
internal static class Damage
{
    public static BackupException In(string blob, string what, Exception? inner = null) => new(
        ErrorCode.VaultBlobDamaged,
        $"Blob '{blob}' is damaged: {what}.",
        "Run 'check --read-data' to see which recovery points suffer; restore the others.",
        inner: inner);
}
