using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Engine.Crypto;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Ports;

namespace Harness.Engine.Repositories;

/// <summary>Reads what a pack says of itself (FORMAT.md section 5): its two ends, and nothing between them.</summary>
internal static class PackFooter
{
    private const int EndsBytes = PackBuilder.HeaderBytes + PackBuilder.TrailerBytes;

    /// <summary>The pack as an index would name it; null when it is gone or is no whole pack of this vault.</summary>
    public static async ValueTask<IndexedPack?> TryReadAsync(
        Repository repository, VaultBlob blob, CancellationToken cancellationToken)
    {
        if (blob.LengthBytes is < EndsBytes or > FormatLimits.PackBytes
            || Hash256.Parse(blob.Name[(blob.Name.LastIndexOf('/') + 1)..]) is not { } hash)
        {
            return null;
        }

        try
        {
            var header = await ReadAsync(repository, blob.Name, 0, PackBuilder.HeaderBytes, cancellationToken);
            var trailer = await ReadAsync(
                repository, blob.Name, blob.LengthBytes - PackBuilder.TrailerBytes, PackBuilder.TrailerBytes, cancellationToken);
            var stored = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
            if (stored > blob.LengthBytes - EndsBytes)
            {
                return null;
            }

            var tailBytes = (int)stored + PackBuilder.TrailerBytes;
            var tail = await ReadAsync(repository, blob.Name, blob.LengthBytes - tailBytes, tailBytes, cancellationToken);
            using var reader = PackReader.FromHeader(repository.Keys, header);
            var salt = header.AsSpan(PackBuilder.HeaderBytes - KeyRing.SaltBytes).ToArray();
            return new IndexedPack(hash, salt, (uint)blob.LengthBytes, reader.ReadFooter(tail, (int)blob.LengthBytes));
        }
        catch (Exception error) when (error is InvalidDataException or AuthenticationTagMismatchException
            or BackupException { Code: ErrorCode.VaultBlobDamaged or ErrorCode.VaultBlobMissing })
        {
            return null;
        }
    }

    private static async ValueTask<byte[]> ReadAsync(
        Repository repository, string name, long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        return await repository.Vault.ReadRangeAsync(name, offset, bytes, cancellationToken) == count
            ? bytes
            : throw new InvalidDataException("it is shorter than the listing says");
    }
}
