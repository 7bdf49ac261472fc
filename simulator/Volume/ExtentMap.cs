namespace Harness.Simulator.Volume;

/// <summary>
/// The extents of a stream, ascending and without gaps, as an immutable two-level array: a change copies one chunk and the
/// top, so versions of a fragmented stream share nearly everything.
/// </summary>
internal sealed class ExtentMap
{
    public static readonly ExtentMap Empty = new([]);

    private const int ChunkExtents = 128;

    private readonly Extent[][] _chunks;

    private ExtentMap(Extent[][] chunks) => _chunks = chunks;

    /// <summary>First byte after the last extent.</summary>
    public long End => _chunks.Length == 0 ? 0 : _chunks[^1][^1].End;

    /// <summary>Runs of extents, for a walk that skips what two versions share. Not to be altered.</summary>
    public Extent[][] Chunks => _chunks;

    public static ExtentMap Of(in Extent extent) => new([[extent]]);

    /// <summary>Whether all is one extent, and which.</summary>
    public bool IsSingle(out Extent extent)
    {
        extent = _chunks.Length == 0 ? default : _chunks[0][0];
        return _chunks is [[_]];
    }

    /// <summary>The extents that overlap a range, whole, ascending.</summary>
    public IEnumerable<Extent> Overlapping(long from, long to)
    {
        for (var chunk = FindChunk(from); chunk < _chunks.Length && _chunks[chunk][0].Start < to; chunk++)
        {
            foreach (var extent in _chunks[chunk])
            {
                if (extent.Start >= to)
                {
                    yield break;
                }

                if (extent.End > from)
                {
                    yield return extent;
                }
            }
        }
    }

    /// <summary>The extents of a range, cut to it, ascending.</summary>
    public IEnumerable<Extent> Slice(long from, long to)
    {
        foreach (var extent in Overlapping(from, to))
        {
            yield return extent.Start >= from && extent.End <= to
                ? extent
                : extent.Slice(Math.Max(extent.Start, from), Math.Min(extent.End, to));
        }
    }

    /// <summary>
    /// Puts <paramref name="with"/> (contiguous, from <paramref name="from"/>) in place of a range. To cut the end off,
    /// replace it by nothing.
    /// </summary>
    public ExtentMap Replace(long from, long to, IReadOnlyList<Extent> with)
    {
        var first = Math.Max(FindChunk(from) - 1, 0);
        var last = first;
        while (last < _chunks.Length && _chunks[last][0].Start <= to)
        {
            last++;
        }

        var merged = new List<Extent>();
        var start = first < _chunks.Length ? _chunks[first][0].Start : 0;
        var end = last > first ? _chunks[last - 1][^1].End : 0;
        AddAll(merged, Slice(start, from));
        AddAll(merged, with);
        AddAll(merged, Slice(to, end));
        return new ExtentMap([.. _chunks[..first], .. Chunk(merged), .. _chunks[last..]]);
    }

    private static void AddAll(List<Extent> merged, IEnumerable<Extent> extents)
    {
        foreach (var extent in extents)
        {
            if (merged.Count > 0 && merged[^1].Continues(extent))
            {
                merged[^1] = merged[^1] with { Length = merged[^1].Length + extent.Length };
            }
            else
            {
                merged.Add(extent);
            }
        }
    }

    private static IEnumerable<Extent[]> Chunk(List<Extent> extents)
    {
        var chunks = (extents.Count + ChunkExtents - 1) / ChunkExtents;
        for (var i = 0; i < chunks; i++)
        {
            var from = (int)((long)extents.Count * i / chunks);
            var to = (int)((long)extents.Count * (i + 1) / chunks);
            yield return [.. extents[from..to]];
        }
    }

    /// <summary>The first chunk that ends after an offset.</summary>
    private int FindChunk(long offset)
    {
        var low = 0;
        var high = _chunks.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle][^1].End <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
