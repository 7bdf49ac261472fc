using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Engine.Format;

/// <summary>
/// The LZ4 block format (FORMAT.md section 4). It is what content deserves of which only repetitions compress: decoding it takes a
/// twentieth of Brotli's time, because nothing but repetitions is looked at. Pure; safe on any thread.
/// </summary>
internal static class Lz4Codec
{
    private const int ShortestMatch = 4;

    /// <summary>The last match begins so far from the end, and ends <see cref="LastLiterals"/> before it.</summary>
    private const int LastMatchBytes = 12;
    private const int LastLiterals = 5;
    private const int MostDistance = ushort.MaxValue;

    /// <summary>A table of 16 KiB stays in the nearest cache: twice as fast as one of 64, and no worse for long repetitions.</summary>
    private const int HashBits = 12;
    private const ulong HashPrime = 889523592379UL;

    /// <summary>After so many places without a match in a row, every second is looked at, then every third, and so on.</summary>
    private const int PlacesBeforeSkipping = 1 << SkipBits;
    private const int SkipBits = 4;

    /// <summary>A length that fills its four bits goes on in bytes.</summary>
    private const int LongLength = 15;

    /// <summary>Encodes; returns the length, or 0 when the destination is too short.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var table = ArrayPool<int>.Shared.Rent(1 << HashBits);
        Array.Clear(table, 0, 1 << HashBits);
        var length = Encode(source, destination, table);
        ArrayPool<int>.Shared.Return(table);
        return length;
    }

    /// <summary>Decodes to exactly the destination; false when that is not what the bytes say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var (read, written) = (0, 0);
        while (read < source.Length)
        {
            int token = source[read++];
            var literals = token >> 4;
            if ((literals == LongLength && !TryReadLength(source, ref read, ref literals))
                || literals > source.Length - read || literals > destination.Length - written)
            {
                return false;
            }

            source.Slice(read, literals).CopyTo(destination[written..]);
            (read, written) = (read + literals, written + literals);
            if (read == source.Length)
            {
                return written == destination.Length;
            }

            if (source.Length - read < sizeof(ushort))
            {
                return false;
            }

            int distance = BinaryPrimitives.ReadUInt16LittleEndian(source[read..]);
            read += sizeof(ushort);
            var length = token & LongLength;
            if ((length == LongLength && !TryReadLength(source, ref read, ref length))
                || distance == 0 || distance > written || length > destination.Length - written - ShortestMatch)
            {
                return false;
            }

            CopyMatch(destination, written, distance, length + ShortestMatch);
            written += length + ShortestMatch;
        }

        // A block ends with literals, of which there may be none.
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Encode(ReadOnlySpan<byte> source, Span<byte> destination, Span<int> table)
    {
        ref var bytes = ref MemoryMarshal.GetReference(source);
        var (at, literalsFrom, written, missed) = (0, 0, 0, PlacesBeforeSkipping);
        while (at < source.Length - LastMatchBytes)
        {
            // Eight bytes at a place that is twelve from the end are within the source.
            var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at));
            ref var slot = ref table[Hash(value)];
            var match = slot - 1;
            slot = at + 1;
            if (match < 0 || at - match > MostDistance
                || Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, match)) != unchecked((uint)value))
            {
                at += missed++ >> SkipBits;
                continue;
            }

            missed = PlacesBeforeSkipping;
            while (at > literalsFrom && match > 0 && source[at - 1] == source[match - 1])
            {
                (at, match) = (at - 1, match - 1);
            }

            var longest = source.Length - LastLiterals - at;
            var length = source.Slice(at, longest).CommonPrefixLength(source.Slice(match, longest));
            if (!TryWrite(source[literalsFrom..at], at - match, length, destination, ref written))
            {
                return 0;
            }

            at += length;
            literalsFrom = at;
        }

        return TryWrite(source[literalsFrom..], 0, ShortestMatch, destination, ref written) ? written : 0;
    }

    /// <summary>Writes literals and a match, or at the end, with a distance of 0, literals only; false when there is no room.</summary>
    private static bool TryWrite(
        ReadOnlySpan<byte> literals, int distance, int matchLength, Span<byte> destination, ref int written)
    {
        var length = matchLength - ShortestMatch;
        if (destination.Length - written < literals.Length + (literals.Length / byte.MaxValue) + (length / byte.MaxValue) + 5)
        {
            return false;
        }

        destination[written++] = (byte)((Math.Min(literals.Length, LongLength) << 4) | Math.Min(length, LongLength));
        WriteLength(literals.Length, destination, ref written);
        literals.CopyTo(destination[written..]);
        written += literals.Length;
        if (distance > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[written..], (ushort)distance);
            written += sizeof(ushort);
            WriteLength(length, destination, ref written);
        }

        return true;
    }

    private static void WriteLength(int length, Span<byte> destination, ref int written)
    {
        if (length < LongLength)
        {
            return;
        }

        for (length -= LongLength; length >= byte.MaxValue; length -= byte.MaxValue)
        {
            destination[written++] = byte.MaxValue;
        }

        destination[written++] = (byte)length;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> source, ref int read, ref int length)
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

    /// <summary>A match may overlap what it makes: then the bytes of its distance repeat.</summary>
    private static void CopyMatch(Span<byte> destination, int written, int distance, int length)
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

    /// <summary>Of the first five bytes: longer matches are worth more, and fewer places look alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong value) => unchecked((int)(((value << 24) * HashPrime) >> (64 - HashBits)));
}
