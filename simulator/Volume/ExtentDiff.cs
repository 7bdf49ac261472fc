namespace Harness.Simulator.Volume;

/// <summary>
/// Walks two versions of a stream's extents side by side and skips every chunk that both share, so the cost follows the
/// edits and not the fragments.
/// </summary>
internal sealed class ExtentDiff
{
    /// <summary>Extents looked at in all comparisons so far.</summary>
    public long ExtentsVisited { get; private set; }

    /// <summary>Ranges of the later version that are not what the earlier one has there.</summary>
    public IReadOnlyList<DirtyRange> Between(ExtentMap before, ExtentMap after)
    {
        if (ReferenceEquals(before, after))
        {
            return [];
        }

        var ranges = new List<DirtyRange>();
        var old = new Cursor(before.Chunks);
        var now = new Cursor(after.Chunks);
        while (!now.IsAtEnd)
        {
            if (old.SharesChunkWith(now))
            {
                old.SkipChunk();
                now.SkipChunk();
                continue;
            }

            ref readonly var extent = ref now.Current;
            var from = now.Position;
            var to = old.IsAtEnd ? extent.End : Math.Min(extent.End, old.Current.End);
            if (old.IsAtEnd || !IsSame(in old.Current, in extent, from))
            {
                Add(ranges, from, to, KindOf(extent.Kind));
            }

            ExtentsVisited++;
            old.MoveTo(to);
            now.MoveTo(to);
        }

        return ranges;
    }

    private static bool IsSame(in Extent a, in Extent b, long at) =>
        a.Kind == b.Kind && a.Seed == b.Seed && a.ProfileId == b.ProfileId && ReferenceEquals(a.Literal, b.Literal)
        && (a.Kind is ExtentKind.Hole or ExtentKind.Zero || a.Base + (at - a.Start) == b.Base + (at - b.Start));

    private static DirtyRangeKind KindOf(ExtentKind kind) => kind switch
    {
        ExtentKind.Hole => DirtyRangeKind.Hole,
        ExtentKind.Zero => DirtyRangeKind.Zero,
        _ => DirtyRangeKind.Data,
    };

    private static void Add(List<DirtyRange> ranges, long from, long to, DirtyRangeKind kind)
    {
        if (ranges.Count > 0 && ranges[^1].End == from && ranges[^1].Kind == kind)
        {
            ranges[^1] = ranges[^1] with { Length = to - ranges[^1].Offset };
        }
        else
        {
            ranges.Add(new DirtyRange(from, to - from, kind));
        }
    }

    /// <summary>A place in a map: both cursors of a walk are always at the same offset, or at their end.</summary>
    private struct Cursor(Extent[][] chunks)
    {
        private int _chunk;
        private int _extent;

        public long Position { get; private set; }

        public readonly bool IsAtEnd => _chunk == chunks.Length;

        public readonly ref readonly Extent Current => ref chunks[_chunk][_extent];

        public readonly bool SharesChunkWith(Cursor other) =>
            !IsAtEnd && _extent == 0 && ReferenceEquals(chunks[_chunk], other.Chunk) && Position == chunks[_chunk][0].Start;

        private readonly Extent[] Chunk => chunks[_chunk];

        public void SkipChunk()
        {
            Position = chunks[_chunk][^1].End;
            _chunk++;
            _extent = 0;
        }

        public void MoveTo(long offset)
        {
            Position = offset;
            if (!IsAtEnd && Current.End <= offset && ++_extent == chunks[_chunk].Length)
            {
                _chunk++;
                _extent = 0;
            }
        }
    }
}
