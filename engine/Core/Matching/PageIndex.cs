using System.Runtime.CompilerServices;
using Harness.Engine.Format;

namespace Harness.Engine.Matching;

/// <summary>
/// Pages of the previous version by their weak sums, with the fingerprints that decide: 32 bytes and a filter of two a page.
/// Filled by the logical thread, then only read by a worker.
/// </summary>
internal sealed class PageIndex
{
    /// <summary>Of pages with one sum, so many are kept: content that repeats itself would make a chain of the whole file.</summary>
    private const int EqualSums = 4;

    private const int FilterBitsPerPage = 16;
    private const uint Mixer = 0x9E37_79B1;

    private readonly List<(long Page, uint Sum, int Next)> _entries = [];
    private byte[] _fingerprints = [];
    private int[] _heads = [];
    private ulong[] _filter = [];
    private int _bucketShift;
    private int _filterShift;

    /// <summary>Begins anew, with room for so many pages.</summary>
    public void Clear(int pages)
    {
        _entries.Clear();
        var bits = Math.Max(8, System.Numerics.BitOperations.Log2((uint)Math.Max(1, pages - 1)) + 1);
        _bucketShift = 32 - bits;
        _filterShift = _bucketShift - System.Numerics.BitOperations.Log2(FilterBitsPerPage);
        Renew(ref _heads, 1 << bits).Fill(-1);
        Renew(ref _filter, (1 << bits) * FilterBitsPerPage / 64).Clear();
        if (_fingerprints.Length < pages * FormatLimits.FingerprintBytes)
        {
            _fingerprints = new byte[pages * FormatLimits.FingerprintBytes];
        }
    }

    /// <summary>Adds a page that is not all zeros.</summary>
    public void Add(long page, uint sum, ReadOnlySpan<byte> fingerprint)
    {
        var mixed = unchecked(sum * Mixer);
        ref var head = ref _heads[mixed >> _bucketShift];
        var equal = 0;
        for (var entry = head; entry >= 0; entry = _entries[entry].Next)
        {
            if (_entries[entry].Sum == sum && ++equal == EqualSums)
            {
                return;
            }
        }

        fingerprint.CopyTo(_fingerprints.AsSpan(_entries.Count * FormatLimits.FingerprintBytes));
        _entries.Add((page, sum, head));
        head = _entries.Count - 1;
        var bit = mixed >> _filterShift;
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
    }

    /// <summary>Whether a page may have that sum; mostly right when it says so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHave(uint sum)
    {
        var bit = unchecked(sum * Mixer) >> _filterShift;
        return (_filter[bit >> 6] & (1UL << (int)(bit & 63))) != 0;
    }

    /// <summary>The first entry with a sum from <paramref name="after"/> on (-1: from the beginning), or -1.</summary>
    public int Next(uint sum, int after)
    {
        var entry = after < 0 ? _heads[unchecked(sum * Mixer) >> _bucketShift] : _entries[after].Next;
        while (entry >= 0 && _entries[entry].Sum != sum)
        {
            entry = _entries[entry].Next;
        }

        return entry;
    }

    /// <summary>Number of the page in the previous version of the stream.</summary>
    public long PageOf(int entry) => _entries[entry].Page;

    public ReadOnlySpan<byte> FingerprintOf(int entry) =>
        _fingerprints.AsSpan(entry * FormatLimits.FingerprintBytes, FormatLimits.FingerprintBytes);

    private static Span<T> Renew<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }

        return array.AsSpan(0, length);
    }
}
