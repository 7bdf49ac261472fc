using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;

namespace Harness.Engine.Repositories;

/// <summary>Reads what a pack says of itself (FORMAT.md section 5).</summary>
internal static class PackFooter
{
    private const int SaltOffset = 24;

    /// <summary>The pack as an index would name it; null when it is gone or its footer cannot be read.</summary>
    public static async ValueTask<IndexedPack?> TryReadAsync(
        Repository repository, string name, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await repository.Vault.ReadAsync(name, FormatLimits.PackBytes, cancellationToken);
            using var reader = PackReader.FromHeader(repository.Keys, blob);
            return Hash256.Parse(name[(name.LastIndexOf('/') + 1)..]) is { } hash
                ? new IndexedPack(hash, blob.AsSpan(SaltOffset, KeyRing.SaltBytes).ToArray(), (uint)blob.Length, reader.ReadFooter(blob))
                : null;
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException
            or BackupException { Code: ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing })
        {
            return null;
        }
    }
}
