using System.Buffers.Binary;
using Harness.Simulator.Content;

namespace Harness.Simulator.Volume;

/// <summary>
/// Stands in for the cipher of EFS: each sector of 512 bytes is permuted under the file's key and its own number, so equal
/// sectors differ by place, and one changed byte changes its whole sector and no other. It hides nothing.
/// </summary>
public static class EfsCipher
{
    /// <summary>Cipher block: the raw form is a whole number of them, then two bytes with the length of the padding.</summary>
    public const int SectorBytes = 512;

    private const int HalfBytes = SectorBytes / 2;
    private const ulong Magic = 0x31_53_46_45_4D_49_53; // "SIMEFS1"
    private const int KeyOffset = 8;
    private const int InfoBytes = 64;

    /// <summary>Length of the raw form of a stream; an empty stream has an empty one.</summary>
    public static long RawLength(long sizeBytes) =>
        sizeBytes == 0 ? 0 : AllocationRules.RoundUp(sizeBytes, SectorBytes) + 2;

    /// <summary>A stand-in for the $EFS attribute, which carries the file's key.</summary>
    public static byte[] MakeInfo(ulong key)
    {
        var info = new byte[InfoBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(info, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(KeyOffset), key);
        return info;
    }

    /// <summary>The key within what <see cref="MakeInfo"/> made; null when it is something else.</summary>
    public static ulong? KeyOf(ReadOnlySpan<byte> info) =>
        info.Length == InfoBytes && BinaryPrimitives.ReadUInt64LittleEndian(info) == Magic
            ? BinaryPrimitives.ReadUInt64LittleEndian(info[KeyOffset..])
            : null;

    /// <summary>Encrypts one sector in place.</summary>
    public static void Encrypt(ulong key, long sectorIndex, Span<byte> sector) => Rounds(key, sectorIndex, sector, 0, 1, 3);

    /// <summary>Decrypts one sector in place.</summary>
    public static void Decrypt(ulong key, long sectorIndex, Span<byte> sector) => Rounds(key, sectorIndex, sector, 2, -1, 3);

    /// <summary>A Feistel network of three rounds over the halves of the sector.</summary>
    private static void Rounds(ulong key, long sectorIndex, Span<byte> sector, int first, int step, int count)
    {
        Span<byte> stream = stackalloc byte[HalfBytes];
        var left = sector[..HalfBytes];
        var right = sector.Slice(HalfBytes, HalfBytes);
        for (var i = 0; i < count; i++)
        {
            var round = first + (i * step);
            var source = round % 2 == 0 ? right : left;
            var target = round % 2 == 0 ? left : right;
            var seed = Mix.Of(Mix.Of(key, (ulong)sectorIndex), (ulong)round);
            for (var at = 0; at < HalfBytes; at += 8)
            {
                seed = Mix.Of(seed ^ BinaryPrimitives.ReadUInt64LittleEndian(source[at..]));
            }

            ContentGenerator.Fill(ContentProfile.Random, seed, 0, stream);
            for (var at = 0; at < HalfBytes; at++)
            {
                target[at] ^= stream[at];
            }
        }
    }
}
