using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harness.Engine.Format;

/// <summary>
/// The hash that a pack is named by (FORMAT.md section 5): of its header, footer and trailer. The footer holds the id of every
/// segment and its tag authenticates them, so the name stands for the content without a pass over all bytes. Pure; safe on any
/// thread.
/// </summary>
internal static class PackName
{
    public static Hash256 Of(ReadOnlySpan<byte> pack)
    {
        var room = pack.Length - PackBuilder.HeaderBytes - PackBuilder.TrailerBytes;
        if (room < 0)
        {
            // Too short to be a pack: whatever it was named by, it is not this.
            return Hash256.Of(pack);
        }

        var footer = BinaryPrimitives.ReadUInt32LittleEndian(pack[^PackBuilder.TrailerBytes..]);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(pack[..PackBuilder.HeaderBytes]);
        sha.AppendData(pack[^((int)Math.Min(footer, (uint)room) + PackBuilder.TrailerBytes)..]);
        _ = sha.GetHashAndReset(hash);
        return new Hash256(hash);
    }
}
