using System.Numerics;
using Harness.Engine.Crypto;
using Harness.Engine.Format;

namespace Harness.Engine.Matching;

/// <summary>
/// The bytes of a long dirty run, with a little of what follows it, and the two ways to find them in the previous version: at
/// a known shift, page after page, or anywhere, byte after byte. What either finds has the keyed fingerprint of the old page.
/// Offsets count from the beginning of the run. Used by one thread at a time.
/// </summary>
internal sealed class DirtyRun(KeyRing keys)
{
    private const int Page = FormatLimits.PageBytes;

    /// <summary>So many pages in a row that are not there end a shift.</summary>
    private const int MissesOfAShift = 8;

    /// <summary>A search gives up after so many pages that had the sum and not the fingerprint.</summary>
    private const int FalseSums = 2048;

    private byte[] _bytes = [];
    private int _available;

    /// <summary>First byte in the stream.</summary>
    public long Start { get; private set; }

    /// <summary>Bytes of the run.</summary>
    public int Length { get; private set; }

    public void Begin(long start, ReadOnlySpan<byte> run, ReadOnlySpan<byte> following)
    {
        if (_bytes.Length < run.Length + Page)
        {
            _bytes = new byte[Math.Min(FormatLimits.RangeBytes, (int)BitOperations.RoundUpToPowerOf2((uint)run.Length)) + Page];
        }

        run.CopyTo(_bytes);
        following[..Math.Min(following.Length, Page - 1)].CopyTo(_bytes.AsSpan(run.Length));
        (Start, Length, _available) = (start, run.Length, run.Length + Math.Min(following.Length, Page - 1));
    }

    /// <summary>
    /// Compares the run from <paramref name="from"/> to <paramref name="to"/> with the pages that lie
    /// <paramref name="shift"/> bytes before; adds what is equal, and what remains to be looked for.
    /// </summary>
    public void Follow(int from, int to, long shift, KnownPages pages, List<Match> matches, List<(int From, int To)> gaps)
    {
        var limit = LimitOf(to);
        var into = (Start + from - shift) % Page;
        var at = from + (int)(into == 0 ? 0 : into < 0 ? -into : Page - into);
        var (open, misses) = (from, 0);
        for (; at < to && at + Page <= limit && misses < MissesOfAShift; at += Page)
        {
            var old = Start + at - shift;
            if (!IsAt(at, old / Page, pages, out var isZero))
            {
                misses++;
                continue;
            }

            AddGap(gaps, open, at);
            (open, misses) = (at + Page, 0);
            if (!isZero)
            {
                matches.Add(new Match(Start + at, Page, old));
            }
        }

        AddGap(gaps, open, to);
    }

    /// <summary>The first page in the run from <paramref name="from"/> to <paramref name="to"/> that the index has, or null.</summary>
    public Match? Search(int from, int to, PageIndex index, long likelyShift)
    {
        var (sums, last) = (keys.PageSums, LimitOf(to) - Page);
        if (last < from)
        {
            return null;
        }

        var falseSums = 0;
        var sum = sums.Of(_bytes.AsSpan(from, Page));
        for (var at = from; ; at++)
        {
            if (index.MayHave(sum) && index.Next(sum, -1) is >= 0 and var entry)
            {
                if (Confirm(at, sum, entry, index, likelyShift) is { } match)
                {
                    return match;
                }

                if (++falseSums == FalseSums)
                {
                    return null;
                }
            }

            if (at >= last || at + 1 >= to)
            {
                return null;
            }

            sum = sums.Roll(sum, _bytes[at], _bytes[at + Page]);
        }
    }

    /// <summary>A page may reach beyond the run itself, not into what is matched already.</summary>
    private int LimitOf(int to) => to == Length ? _available : to;

    private static void AddGap(List<(int From, int To)> gaps, int from, int to)
    {
        if (from < to)
        {
            gaps.Add((from, to));
        }
    }

    private bool IsAt(int at, long page, KnownPages pages, out bool isZero)
    {
        isZero = false;
        if (!pages.TryFind(page, out var sum, out var fingerprint))
        {
            return false;
        }

        var window = _bytes.AsSpan(at, Page);
        if (!fingerprint.ContainsAnyExcept((byte)0))
        {
            return isZero = !window.ContainsAnyExcept((byte)0);
        }

        return keys.PageSums.Of(window) == sum && HasFingerprint(window, fingerprint);
    }

    private bool HasFingerprint(ReadOnlySpan<byte> window, ReadOnlySpan<byte> expected)
    {
        Span<byte> fingerprint = stackalloc byte[FormatLimits.FingerprintBytes];
        keys.Fingerprint(window, fingerprint);
        return fingerprint.SequenceEqual(expected);
    }

    /// <summary>Of the pages with this sum and this fingerprint, the one nearest to where it is likely to be.</summary>
    private Match? Confirm(int at, uint sum, int entry, PageIndex index, long likelyShift)
    {
        Span<byte> fingerprint = stackalloc byte[FormatLimits.FingerprintBytes];
        keys.Fingerprint(_bytes.AsSpan(at, Page), fingerprint);
        Match? best = null;
        var bestDistance = long.MaxValue;
        for (; entry >= 0; entry = index.Next(sum, entry))
        {
            var old = index.PageOf(entry) * Page;
            var distance = Math.Abs(Start + at - likelyShift - old);
            if (distance < bestDistance && index.FingerprintOf(entry).SequenceEqual(fingerprint))
            {
                (best, bestDistance) = (new Match(Start + at, Page, old), distance);
            }
        }

        return best;
    }
}
