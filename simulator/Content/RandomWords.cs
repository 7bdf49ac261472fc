using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Harness.Simulator.Content;

/// <summary>
/// Successive words <c>Mix.Of(counter + i * gamma)</c>, little-endian, as many at a time as the processor has lanes. Every
/// width gives the same bytes; the tests hold each against the scalar one.
/// </summary>
internal static class RandomWords
{
    private const ulong First = 0xBF58476D1CE4E5B9;
    private const ulong Second = 0x94D049BB133111EB;

    /// <summary>Fills the buffer, whose length is a multiple of 8, and returns the counter after it.</summary>
    public static ulong Fill(ulong counter, Span<byte> buffer)
    {
        if (BitConverter.IsLittleEndian)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                counter = Fill512(counter, ref buffer);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                counter = Fill256(counter, ref buffer);
            }
        }

        return FillScalar(counter, buffer);
    }

    /// <summary>One word at a time: what the others must equal.</summary>
    internal static ulong FillScalar(ulong counter, Span<byte> buffer)
    {
        unchecked
        {
            for (; buffer.Length > 0; buffer = buffer[8..])
            {
                BinaryPrimitives.WriteUInt64LittleEndian(buffer, Mix.Of(counter));
                counter += Mix.Gamma;
            }
        }

        return counter;
    }

    /// <summary>Two vectors of four words in each step; leaves what is shorter than that.</summary>
    internal static ulong Fill256(ulong counter, ref Span<byte> buffer)
    {
        unchecked
        {
            var words = MemoryMarshal.Cast<byte, ulong>(buffer);
            ref var target = ref MemoryMarshal.GetReference(words);
            var low = Vector256.Create(counter + Mix.Gamma) + (Vector256<ulong>.Indices * Mix.Gamma);
            var step = Vector256.Create(4 * Mix.Gamma);
            var whole = words.Length & ~7;
            for (var i = 0; i < whole; i += 8)
            {
                var high = low + step;
                Mixed(low).StoreUnsafe(ref target, (nuint)i);
                Mixed(high).StoreUnsafe(ref target, (nuint)i + 4);
                low = high + step;
            }

            buffer = buffer[(whole * 8)..];
            return counter + ((ulong)whole * Mix.Gamma);
        }
    }

    /// <summary>Two vectors of eight words in each step; leaves what is shorter than that.</summary>
    internal static ulong Fill512(ulong counter, ref Span<byte> buffer)
    {
        unchecked
        {
            var words = MemoryMarshal.Cast<byte, ulong>(buffer);
            ref var target = ref MemoryMarshal.GetReference(words);
            var low = Vector512.Create(counter + Mix.Gamma) + (Vector512<ulong>.Indices * Mix.Gamma);
            var step = Vector512.Create(8 * Mix.Gamma);
            var whole = words.Length & ~15;
            for (var i = 0; i < whole; i += 16)
            {
                var high = low + step;
                Mixed(low).StoreUnsafe(ref target, (nuint)i);
                Mixed(high).StoreUnsafe(ref target, (nuint)i + 8);
                low = high + step;
            }

            buffer = buffer[(whole * 8)..];
            return counter + ((ulong)whole * Mix.Gamma);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Mixed(Vector256<ulong> value)
    {
        value = (value ^ (value >>> 30)) * First;
        value = (value ^ (value >>> 27)) * Second;
        return value ^ (value >>> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Mixed(Vector512<ulong> value)
    {
        value = (value ^ (value >>> 30)) * First;
        value = (value ^ (value >>> 27)) * Second;
        return value ^ (value >>> 31);
    }
}
