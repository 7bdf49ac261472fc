using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Engine.Format;

/// <summary>
/// The LZ4 block format (FORMAT.md section 4), its encoder; <see cref="Lz4Decoder"/> is the other half. It is what content deserves of which
/// only repetitions compress: decoding it takes a sixth of Brotli's time or less, because nothing but repetitions is looked at.
/// Pure; safe on any thread.
/// </summary>
/// <remarks>
/// Reads and writes go past the checks of spans, so each says what bounds it. A place is at most <see cref="LastMatchBytes"/> from the
/// end, so eight bytes there are within the source; the table has only places before the one in hand.
/// </remarks>
internal static class Lz4Codec
{
    /// <summary>Of a length in a token's four bits, this one goes on in bytes.</summary>
    public const int LongLength = 15;

    /// <summary>What a match is longer than its length in the block.</summary>
    public const int ShortestMatch = 4;

    /// <summary>The last match begins so far from the end, and ends <see cref="LastLiterals"/> before it.</summary>
    private const int LastMatchBytes = 12;
    private const int LastLiterals = 5;
    private const int MostDistance = ushort.MaxValue;

    /// <summary>A table of 32 KiB stays in the nearest cache.</summary>
    private const int HashBits = 13;
    private const ulong HashPrime = 889523592379UL;

    /// <summary>After so many places without a match in a row, every second is looked at, then every third, and so on.</summary>
    private const int PlacesBeforeSkipping = 1 << SkipBits;
    private const int SkipBits = 4;

    /// <summary>Short literals are copied as so many bytes, whatever they are.</summary>
    private const int WideBytes = 16;

    /// <summary>A token, wide literals, a distance, and the last byte of each of two lengths.</summary>
    private const int SequenceBytes = WideBytes + 8;

    /// <summary>
    /// Encodes; returns the length, or 0 when the destination is too short, which a few bytes of room to spare may be too.
    /// </summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var table = ArrayPool<int>.Shared.Rent(1 << HashBits);
        Array.Clear(table, 0, 1 << HashBits);
        var length = Encode(source, destination, table.AsSpan(0, 1 << HashBits));
        ArrayPool<int>.Shared.Return(table);
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Encode(ReadOnlySpan<byte> source, Span<byte> destination, Span<int> table)
    {
        unchecked
        {
            ref var from = ref MemoryMarshal.GetReference(source);
            ref var to = ref MemoryMarshal.GetReference(destination);
            ref var places = ref MemoryMarshal.GetReference(table);
            nint room = destination.Length, last = source.Length - LastMatchBytes, end = source.Length - LastLiterals;
            nint at, next = 1, literals = 0, written = 0;
            while (next <= last)
            {
                // The value of the next place is read before this one is compared, so that neither waits for the other.
                nint match;
                var missed = PlacesBeforeSkipping;
                var value = Eight(ref from, next);
                while (true)
                {
                    at = next;
                    next += missed++ >> SkipBits;
                    if (next > last)
                    {
                        return Finish(source[(int)literals..], destination, written);
                    }

                    ref var place = ref Unsafe.Add(ref places, Hash(value));
                    match = place;
                    place = (int)at;
                    var ahead = Eight(ref from, next);
                    if (Four(ref from, match) == (uint)value && at - match <= MostDistance)
                    {
                        break;
                    }

                    value = ahead;
                }

                while (at > literals && match > 0 && Unsafe.Add(ref from, at - 1) == Unsafe.Add(ref from, match - 1))
                {
                    (at, match) = (at - 1, match - 1);
                }

                var count = at - literals;
                if (room - written < count + (count / byte.MaxValue) + SequenceBytes)
                {
                    return 0;
                }

                var token = written;
                written = WriteLiterals(source, (int)literals, (int)count, destination, written);
                while (true)
                {
                    Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, written), (ushort)(at - match));
                    written += sizeof(ushort);
                    literals = MatchEnd(ref from, at, match, end);
                    var length = literals - at - ShortestMatch;
                    if (room - written < (length / byte.MaxValue) + SequenceBytes)
                    {
                        return 0;
                    }

                    Unsafe.Add(ref to, token) |= (byte)Math.Min(length, LongLength);
                    written = length < LongLength ? written : WriteLength(ref to, written, length - LongLength);
                    at = literals;
                    next = at + 1;
                    if (at > last)
                    {
                        break;
                    }

                    // Often the next match begins where this one ends.
                    Unsafe.Add(ref places, Hash(Eight(ref from, at - 2))) = (int)at - 2;
                    ref var place = ref Unsafe.Add(ref places, Hash(Eight(ref from, at)));
                    match = place;
                    place = (int)at;
                    if (at - match > MostDistance || Four(ref from, match) != Four(ref from, at))
                    {
                        break;
                    }

                    token = written++;
                    Unsafe.Add(ref to, token) = 0;
                }
            }

            return Finish(source[(int)literals..], destination, written);
        }
    }

    /// <summary>The first place that does not repeat; a match has four bytes before <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint MatchEnd(ref byte from, nint at, nint match, nint end)
    {
        unchecked
        {
            var distance = at - match;
            at += ShortestMatch;
            for (; at <= end - sizeof(ulong); at += sizeof(ulong))
            {
                var difference = Eight(ref from, at) ^ Eight(ref from, at - distance);
                if (difference != 0)
                {
                    return at + (BitOperations.TrailingZeroCount(difference) >> 3);
                }
            }

            while (at < end && Unsafe.Add(ref from, at) == Unsafe.Add(ref from, at - distance))
            {
                at++;
            }

            return at;
        }
    }

    /// <summary>Writes a token and literals, for which there is room; returns the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint WriteLiterals(ReadOnlySpan<byte> source, int first, int count, Span<byte> destination, nint written)
    {
        unchecked
        {
            ref var to = ref MemoryMarshal.GetReference(destination);
            Unsafe.Add(ref to, written++) = (byte)(Math.Min(count, LongLength) << 4);
            if (count < LongLength && source.Length - first >= WideBytes && destination.Length - written >= WideBytes)
            {
                Unsafe.WriteUnaligned(
                    ref Unsafe.Add(ref to, written),
                    Unsafe.ReadUnaligned<Int128>(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), first)));
                return written + count;
            }

            written = count < LongLength ? written : WriteLength(ref to, written, count - LongLength);
            source.Slice(first, count).CopyTo(destination[(int)written..]);
            return written + count;
        }
    }

    /// <summary>The last sequence has only literals.</summary>
    private static int Finish(ReadOnlySpan<byte> literals, Span<byte> destination, nint written) =>
        destination.Length - written < literals.Length + (literals.Length / byte.MaxValue) + 2
            ? 0
            : (int)WriteLiterals(literals, 0, literals.Length, destination, written);

    /// <summary>Writes what of a length its token does not hold; there is room for it.</summary>
    private static nint WriteLength(ref byte to, nint written, nint length)
    {
        unchecked
        {
            for (; length >= byte.MaxValue; length -= byte.MaxValue)
            {
                Unsafe.Add(ref to, written++) = byte.MaxValue;
            }

            Unsafe.Add(ref to, written++) = (byte)length;
            return written;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Eight(ref byte bytes, nint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Four(ref byte bytes, nint at) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at));

    /// <summary>Of the first five bytes: longer matches are worth more, and fewer places look alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Hash(ulong value) => unchecked((nint)(((value << 24) * HashPrime) >> (64 - HashBits)));
}
