using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Engine.Crypto;

/// <summary>GHASH of whole groups of blocks in vectors of 32 bytes. Immutable; safe on any thread.</summary>
internal sealed class CarrylessGroups256
{
    private const int VectorsOfGroup = 8;

    /// <summary>Blocks whose products are added up before one reduction.</summary>
    public const int GroupBytes = VectorsOfGroup * 32;

    /// <summary>Powers of the hash key, two a vector, the highest first.</summary>
    private readonly Vector256<ulong>[] _powers = new Vector256<ulong>[VectorsOfGroup];

    public CarrylessGroups256(Vector128<ulong> first)
    {
        var powers = Carryless.Powers(first, GroupBytes / Carryless.BlockBytes);
        for (var i = 0; i < _powers.Length; i++)
        {
            _powers[i] = Vector256.Create(powers[i * 2], powers[(i * 2) + 1]);
        }
    }

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => Pclmulqdq.V256.IsSupported && Avx2.IsSupported;

    /// <summary>The hash of content whose length is a multiple of <see cref="GroupBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector128<ulong> Hash(ReadOnlySpan<byte> content)
    {
        var hash = Vector128<ulong>.Zero;
        var backwards = Vector256.Create(Carryless.Backwards);
        ref var bytes = ref MemoryMarshal.GetReference(content);
        ref var powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        for (nuint at = 0; at < (nuint)content.Length; at += GroupBytes)
        {
            var (low, middle, high) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero, Vector256<ulong>.Zero);
            for (var i = 0; i < VectorsOfGroup; i++)
            {
                var blocks = Avx2.Shuffle(Vector256.LoadUnsafe(ref bytes, at + (nuint)(i * Vector256<byte>.Count)), backwards).AsUInt64();
                if (i == 0)
                {
                    blocks ^= hash.ToVector256();
                }

                var power = Unsafe.Add(ref powers, i);
                low ^= Pclmulqdq.V256.CarrylessMultiply(blocks, power, 0x00);
                high ^= Pclmulqdq.V256.CarrylessMultiply(blocks, power, 0x11);
                middle ^= Pclmulqdq.V256.CarrylessMultiply(blocks, power, 0x01)
                    ^ Pclmulqdq.V256.CarrylessMultiply(blocks, power, 0x10);
            }

            hash = Carryless.Reduce(Fold(low), Fold(middle), Fold(high));
        }

        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector256<ulong> value) => value.GetLower() ^ value.GetUpper();
}
