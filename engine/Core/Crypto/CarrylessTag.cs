using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Aes = System.Security.Cryptography.Aes;

namespace Harness.Engine.Crypto;

/// <summary>
/// The tag that AES-256-GCM gives to associated data alone, under a nonce of zeros, by the carry-less multiplication of x86 in
/// vectors of 64 bytes, or of 32 (GHASH, NIST SP 800-38D 6.4). The same value as the framework's cipher, five times as fast on a
/// page, where most of a call is the way to the library and back. Time depends on the length only. Immutable; safe on any thread.
/// </summary>
internal sealed class CarrylessTag
{
    private readonly Vector128<ulong> _first;
    private readonly UInt128 _mask;
    private readonly CarrylessGroups256? _narrow;
    private readonly CarrylessGroups512? _wide;

    /// <summary>Takes the widest vectors that the processor has.</summary>
    public CarrylessTag(byte[] key)
        : this(key, CarrylessGroups512.IsSupported)
    {
    }

    public CarrylessTag(byte[] key, bool isWide)
    {
        // The hash key is the block of zeros encrypted, the mask the first counter block: the nonce of zeros, then 1.
        Span<byte> blocks = stackalloc byte[2 * Carryless.BlockBytes];
        blocks.Clear();
        blocks[^1] = 1;
        using (var aes = Aes.Create())
        {
            aes.SetKey(key);
            aes.EncryptEcb(blocks, blocks, PaddingMode.None);
        }

        _first = Carryless.KeyOf(BinaryPrimitives.ReadUInt128BigEndian(blocks));
        _mask = BinaryPrimitives.ReadUInt128BigEndian(blocks[Carryless.BlockBytes..]);
        if (isWide)
        {
            _wide = new CarrylessGroups512(_first);
        }
        else
        {
            _narrow = new CarrylessGroups256(_first);
        }
    }

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => CarrylessGroups256.IsSupported;

    /// <summary>Writes the 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tag(ReadOnlySpan<byte> content, Span<byte> tag)
    {
        var groupBytes = _wide is null ? CarrylessGroups256.GroupBytes : CarrylessGroups512.GroupBytes;
        var rest = content[(content.Length - (content.Length % groupBytes))..];
        var groups = content[..^rest.Length];
        var hash = _wide is null ? _narrow!.Hash(groups) : _wide.Hash(groups);
        for (; rest.Length >= Carryless.BlockBytes; rest = rest[Carryless.BlockBytes..])
        {
            hash = Carryless.Multiply(hash ^ Carryless.Turn(Vector128.Create(rest)), _first);
        }

        if (!rest.IsEmpty)
        {
            Span<byte> last = stackalloc byte[Carryless.BlockBytes];
            last.Clear();
            rest.CopyTo(last);
            hash = Carryless.Multiply(hash ^ Carryless.Turn(Vector128.Create<byte>(last)), _first);
        }

        // The last block holds the length of the associated data in bits; nothing is encrypted.
        hash = Carryless.Multiply(hash ^ Vector128.Create(0, (ulong)content.Length * 8), _first);
        BinaryPrimitives.WriteUInt128BigEndian(tag, new UInt128(hash[1], hash[0]) ^ _mask);
    }
}
