namespace Harness.Engine.Format;

/// <summary>
/// The content of a stream: ascending extents of data and zeros; what lies between them is hole. Immutable once built.
/// </summary>
internal sealed class ExtentMap
{
    private readonly Extent[] _extents;

    private ExtentMap(Extent[] extents) => _extents = extents;

    public static ExtentMap Empty { get; } = new([]);

    public IReadOnlyList<Extent> Extents => _extents;

    public static ExtentMap Of(IEnumerable<Extent> extents)
    {
        var builder = new Builder();
        foreach (var extent in extents)
        {
            builder.Add(extent);
        }

        return builder.Build();
    }

    /// <summary>The extents that touch [start, end), clipped to it.</summary>
    public IEnumerable<Extent> Slice(long start, long end)
    {
        if (start >= end)
        {
            yield break;
        }

        for (var i = IndexAt(start); i < _extents.Length && _extents[i].Offset < end; i++)
        {
            if (_extents[i].End > start)
            {
                yield return _extents[i].Clip(start, end);
            }
        }
    }

    /// <summary>Lays a patch (which may hold holes) over this map cut to a new length.</summary>
    public ExtentMap Apply(IReadOnlyList<Extent> patch, long lengthBytes)
    {
        var builder = new Builder();
        long position = 0;
        foreach (var change in patch)
        {
            CopyTo(builder, position, change.Offset);
            builder.Add(change);
            position = change.End;
        }

        CopyTo(builder, position, lengthBytes);
        return builder.Build();
    }

    /// <summary>
    /// The patch that makes this map, of <paramref name="lengthBytes"/>, out of <paramref name="old"/> when laid over it:
    /// every stretch where the two differ.
    /// </summary>
    public IReadOnlyList<Extent> PatchFrom(ExtentMap old, long lengthBytes)
    {
        var patch = new List<Extent>();
        var theirs = old._extents;
        var j = 0;
        long position = 0;
        foreach (var mine in _extents)
        {
            AddVanished(patch, old, position, mine.Offset);
            while (j < theirs.Length && theirs[j].End <= mine.Offset)
            {
                j++;
            }

            AddDifferent(patch, theirs, j, mine);
            position = mine.End;
        }

        AddVanished(patch, old, position, lengthBytes);
        return patch;
    }

    private static void AddDifferent(List<Extent> patch, Extent[] theirs, int j, Extent mine)
    {
        var position = mine.Offset;
        for (; j < theirs.Length && theirs[j].Offset < mine.End; j++)
        {
            var common = theirs[j].Clip(mine.Offset, mine.End);
            if (common.SameAs(mine.Clip(common.Offset, common.End)))
            {
                Append(patch, mine, position, common.Offset);
                position = common.End;
            }
        }

        Append(patch, mine, position, mine.End);
    }

    private static void Append(List<Extent> patch, Extent mine, long start, long end)
    {
        if (start < end)
        {
            patch.Add(mine.Clip(start, end));
        }
    }

    private static void AddVanished(List<Extent> patch, ExtentMap old, long start, long end)
    {
        foreach (var gone in old.Slice(start, end))
        {
            patch.Add(new Extent(gone.Offset, gone.Length, ExtentKind.Hole, null, 0));
        }
    }

    /// <summary>
    /// Adds what this map holds in [start, end) to a builder, <paramref name="shift"/> bytes further on; says whether data
    /// covers all of it. Allocates nothing, unlike an enumeration, since a range may ask for each of its pages.
    /// </summary>
    public bool CopyTo(Builder builder, long start, long end, long shift = 0)
    {
        if (start >= end)
        {
            return true;
        }

        var covered = start;
        for (var i = IndexAt(start); i < _extents.Length && _extents[i].Offset < end; i++)
        {
            var extent = _extents[i].Clip(start, end);
            builder.Add(extent with { Offset = extent.Offset + shift });
            covered = extent.Kind == ExtentKind.Data && extent.Offset == covered ? extent.End : covered;
        }

        return covered == end;
    }

    private int IndexAt(long offset)
    {
        int low = 0, high = _extents.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_extents[middle].End <= offset)
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

    /// <summary>Collects extents in order, joining those that continue one another and leaving holes out.</summary>
    public sealed class Builder
    {
        private readonly List<Extent> _extents = [];

        public void Add(Extent extent)
        {
            if (extent.Kind == ExtentKind.Hole || extent.Length == 0)
            {
                return;
            }

            if (_extents.Count > 0 && _extents[^1].Continues(extent))
            {
                _extents[^1] = _extents[^1] with { Length = _extents[^1].Length + extent.Length };
            }
            else
            {
                _extents.Add(extent);
            }
        }

        /// <summary>What was added so far in [start, end), clipped to it.</summary>
        public IEnumerable<Extent> Slice(long start, long end) => new ExtentMap([.. _extents]).Slice(start, end);

        public ExtentMap Build() => _extents.Count == 0 ? Empty : new ExtentMap([.. _extents]);
    }
}
