using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Engine.Format;

namespace Harness.Engine.Matching;

/// <summary>
/// A weak sum of the 4096 bytes of a page that can be rolled along byte by byte: a polynomial in a secret odd number, modulo
/// 2^32. Equal sums only make a page worth a look; the keyed fingerprint decides. Immutable; safe on any thread.
/// </summary>
internal sealed class RollingSum
{
    public const int SizeBytes = sizeof(uint);

    /// <summary>Bytes taken at once: four vectors of eight numbers.</summary>
    private const int Stride = 32;

    private readonly uint _multiplier;
    private readonly uint _leaving;
    private readonly Vector256<uint> _stride;
    private readonly Vector256<uint>[] _weights = new Vector256<uint>[4];

    public RollingSum(uint secret)
    {
        // 5 modulo 8 makes the powers come round as late as they can.
        _multiplier = (secret & ~7U) | 5;
        _leaving = Power(FormatLimits.PageBytes);
        _stride = Vector256.Create(Power(Stride));
        for (var i = 0; i < _weights.Length; i++)
        {
            var weights = new uint[Vector256<uint>.Count];
            for (var lane = 0; lane < weights.Length; lane++)
            {
                weights[lane] = Power(Stride - 1 - (i * weights.Length) - lane);
            }

            _weights[i] = Vector256.Create(weights);
        }
    }

    /// <summary>The sum of a page of exactly 4096 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Of(ReadOnlySpan<byte> page)
    {
        var (a, b, c, d) = (Vector256<uint>.Zero, Vector256<uint>.Zero, Vector256<uint>.Zero, Vector256<uint>.Zero);
        for (var at = 0; at < FormatLimits.PageBytes; at += Stride)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(page.Slice(at, Stride)));
            var (first, second) = Vector256.Widen(low);
            var (third, fourth) = Vector256.Widen(high);
            a = (a * _stride) + first;
            b = (b * _stride) + second;
            c = (c * _stride) + third;
            d = (d * _stride) + fourth;
        }

        return Vector256.Sum((a * _weights[0]) + (b * _weights[1]) + (c * _weights[2]) + (d * _weights[3]));
    }

    /// <summary>The sum one byte further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Roll(uint sum, byte leaves, byte enters) => unchecked((sum * _multiplier) + (enters - (leaves * _leaving)));

    private uint Power(int exponent)
    {
        uint power = 1;
        for (; exponent > 0; exponent--)
        {
            power = unchecked(power * _multiplier);
        }

        return power;
    }
}
