using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>
/// The key document by which a vault was last opened, as the scratch location remembers it: deriving the key from the passphrase
/// takes longer than all else of a run that finds nothing changed, and begins before the vault has answered. Holds no secret that
/// the vault does not show to everybody, and counts only if the vault has the very same bytes. Immutable.
/// </summary>
/// <param name="Blob">The document as the vault had it.</param>
/// <param name="Document">The same, decoded.</param>
internal sealed record RememberedKey(byte[] Blob, KeyDocument Document)
{
    private const string FileName = "vault-key";

    /// <summary>What the scratch location remembers; null when that is nothing, or nothing that can be used.</summary>
    public static async ValueTask<RememberedKey?> TryReadAsync(IScratch scratch, CancellationToken cancellationToken)
    {
        try
        {
            return await WholeFile.TryReadAsync(scratch, FileName, FormatLimits.OpenDocumentBytes, cancellationToken) is { } blob
                ? new RememberedKey(blob, KeyDocument.Decode(blob, FileName))
                : null;
        }
        catch (BackupException error) when (error.Code != ErrorCode.JobInProgress)
        {
            // A scratch location that cannot be read is told by the run, once it needs it.
            return null;
        }
    }

    /// <summary>Remembers another one. Nothing is flushed: what a crash leaves of it is the vault's document, or is not used.</summary>
    public static ValueTask KeepAsync(IScratch scratch, byte[] blob, CancellationToken cancellationToken) =>
        WholeFile.ReplaceAsync(scratch, FileName, blob, flush: false, cancellationToken);
}
