using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Engine.Crypto;

/// <summary>
/// Multiplication in the field of GHASH (NIST SP 800-38D 6.3). Needs a processor that multiplies without carry. Pure.
/// </summary>
/// <remarks>
/// Blocks are taken as numbers with their first byte highest. The hash key is kept multiplied by x, which makes up for the bit
/// that a product of reflected polynomials is short of, and the reduction is by Montgomery with x^128 + x^127 + x^126 + x^121 + 1.
/// </remarks>
internal static class Carryless
{
    public const int BlockBytes = 16;

    /// <summary>Turns the bytes of a block round.</summary>
    public static readonly Vector128<byte> Backwards = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <summary>The factor for a hash key.</summary>
    public static Vector128<ulong> KeyOf(UInt128 hashKey)
    {
        var shifted = (hashKey << 1) ^ ((hashKey >> 127) == 0 ? UInt128.Zero : new UInt128(0xC200_0000_0000_0000, 1));
        return Vector128.Create((ulong)(shifted & ulong.MaxValue), (ulong)(shifted >> 64));
    }

    /// <summary>The powers of a key from the given one down to the first.</summary>
    public static Vector128<ulong>[] Powers(Vector128<ulong> first, int count)
    {
        var powers = new Vector128<ulong>[count];
        powers[^1] = first;
        for (var i = count - 2; i >= 0; i--)
        {
            powers[i] = Multiply(powers[i + 1], first);
        }

        return powers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Turn(Vector128<byte> block) => Vector128.ShuffleNative(block, Backwards).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right) => Reduce(
        Pclmulqdq.CarrylessMultiply(left, right, 0x00),
        Pclmulqdq.CarrylessMultiply(left, right, 0x01) ^ Pclmulqdq.CarrylessMultiply(left, right, 0x10),
        Pclmulqdq.CarrylessMultiply(left, right, 0x11));

    /// <summary>Two steps of 64 bits take the low half of a product of 256 bits away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var polynomial = Vector128.Create(1, 0xC200_0000_0000_0000);
        middle ^= SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(polynomial, low, 0x01);
        return high ^ SwapHalves(middle) ^ Pclmulqdq.CarrylessMultiply(polynomial, middle, 0x01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SwapHalves(Vector128<ulong> value) => Vector128.Shuffle(value, Vector128.Create(1UL, 0));
}
