using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Engine.Format;

/// <summary>Decodes LZ4 blocks (FORMAT.md section 4), whatever their bytes are. Pure; safe on any thread.</summary>
/// <remarks>
/// Most literals and matches are short and far from the ends of both buffers: then more is copied than there is, for what is too much
/// is written over by what follows. Whatever is near an end goes through spans.
/// </remarks>
internal static class Lz4Decoder
{
    /// <summary>As many literals as a token tells by itself, and one more.</summary>
    private const int WideLiterals = 16;

    /// <summary>As long a match as a token tells by itself.</summary>
    private const int WideMatch = 18;

    /// <summary>Decodes to exactly the destination; false when that is not what the bytes say, and the destination is then anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        unchecked
        {
            ref var from = ref MemoryMarshal.GetReference(source);
            ref var to = ref MemoryMarshal.GetReference(destination);
            var (read, written) = (0, 0);
            while (read < source.Length)
            {
                int token = Unsafe.Add(ref from, read++);
                var length = token >> 4;
                if (length < Lz4Codec.LongLength && source.Length - read >= WideLiterals && destination.Length - written >= WideLiterals)
                {
                    Copy<Int128>(ref Unsafe.Add(ref from, read), ref Unsafe.Add(ref to, written));
                }
                else
                {
                    if (!TryReadLength(source, ref read, ref length)
                        || length > source.Length - read || length > destination.Length - written)
                    {
                        return false;
                    }

                    source.Slice(read, length).CopyTo(destination[written..]);
                }

                (read, written) = (read + length, written + length);
                if (source.Length - read < sizeof(ushort))
                {
                    return read == source.Length && written == destination.Length;
                }

                int distance = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, read));
                read += sizeof(ushort);
                length = token & Lz4Codec.LongLength;
                if (distance == 0 || distance > written || !TryReadLength(source, ref read, ref length)
                    || length > destination.Length - written - Lz4Codec.ShortestMatch)
                {
                    return false;
                }

                CopyMatch(destination, written, distance, length + Lz4Codec.ShortestMatch);
                written += length + Lz4Codec.ShortestMatch;
            }

            // A block ends with literals, of which there may be none.
            return false;
        }
    }

    /// <summary>Copies a match that begins and ends within the destination. It may overlap what it makes: then the bytes of its distance repeat.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(Span<byte> destination, int written, int distance, int length)
    {
        unchecked
        {
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(destination), written);
            ref var from = ref Unsafe.Subtract(ref to, distance);
            if (length <= WideMatch && distance >= sizeof(ulong) && destination.Length - written >= WideMatch)
            {
                Copy<ulong>(ref from, ref to);
                Copy<ulong>(ref Unsafe.Add(ref from, 8), ref Unsafe.Add(ref to, 8));
                Copy<ushort>(ref Unsafe.Add(ref from, 16), ref Unsafe.Add(ref to, 16));
                return;
            }

            CopyLongMatch(destination, written, distance, length);
        }
    }

    private static void CopyLongMatch(Span<byte> destination, int written, int distance, int length)
    {
        var from = written - distance;
        while (length > 0)
        {
            // What is there doubles with every round.
            var count = Math.Min(length, written - from);
            destination.Slice(from, count).CopyTo(destination[written..]);
            (written, length) = (written + count, length - count);
        }
    }

    /// <summary>Reads what of a length its token does not hold; false when the bytes end, or say more than any content has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadLength(ReadOnlySpan<byte> source, ref int read, ref int length) =>
        length < Lz4Codec.LongLength || TryReadLongLength(source, ref read, ref length);

    private static bool TryReadLongLength(ReadOnlySpan<byte> source, ref int read, ref int length)
    {
        int more;
        do
        {
            if (read == source.Length || length > FormatLimits.RangeBytes)
            {
                return false;
            }

            more = source[read++];
            length += more;
        }
        while (more == byte.MaxValue);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(ref byte from, ref byte to)
        where T : unmanaged =>
        Unsafe.WriteUnaligned(ref to, Unsafe.ReadUnaligned<T>(ref from));
}
