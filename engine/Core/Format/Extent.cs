namespace Harness.Engine.Format;

/// <summary>What a stretch of a stream is (FORMAT.md section 7).</summary>
internal enum ExtentKind : byte
{
    Data = 0,
    Zero = 1,
    Hole = 2,
}

/// <summary>A segment that may not have its id yet: while a run packs, extents point at it already.</summary>
internal sealed class SegmentReference
{
    private Hash256 _id;

    public SegmentReference()
    {
    }

    public SegmentReference(Hash256 id)
    {
        _id = id;
        IsResolved = true;
    }

    public bool IsResolved { get; private set; }

    public Hash256 Id => IsResolved ? _id : throw new InvalidOperationException("The segment is not packed yet.");

    public void Resolve(Hash256 id)
    {
        _id = id;
        IsResolved = true;
    }
}

/// <summary>A stretch of a stream and where its bytes are.</summary>
/// <param name="Offset">First byte in the stream.</param>
/// <param name="Length">Bytes, more than 0.</param>
/// <param name="Kind">Data, zeros or hole.</param>
/// <param name="Segment">For data, the segment; else null.</param>
/// <param name="SegmentOffset">For data, the first byte in the segment; else 0.</param>
internal readonly record struct Extent(
    long Offset, long Length, ExtentKind Kind, SegmentReference? Segment, int SegmentOffset)
{
    public long End => Offset + Length;

    /// <summary>The part of this extent within [start, end), which it touches.</summary>
    public Extent Clip(long start, long end)
    {
        var from = Math.Max(Offset, start);
        var to = Math.Min(End, end);
        return this with
        {
            Offset = from,
            Length = to - from,
            SegmentOffset = Kind == ExtentKind.Data ? SegmentOffset + (int)(from - Offset) : 0,
        };
    }

    /// <summary>Whether <paramref name="next"/> goes on where this ends, in the stream and in the vault.</summary>
    public bool Continues(in Extent next) =>
        next.Offset == End && next.Kind == Kind
        && (Kind != ExtentKind.Data
            || (SameSegment(Segment!, next.Segment!) && next.SegmentOffset == SegmentOffset + Length));

    /// <summary>Whether both say the same about the same bytes.</summary>
    public bool SameAs(in Extent other) =>
        Offset == other.Offset && Length == other.Length && Kind == other.Kind && SegmentOffset == other.SegmentOffset
        && (Kind != ExtentKind.Data || SameSegment(Segment!, other.Segment!));

    private static bool SameSegment(SegmentReference a, SegmentReference b) =>
        ReferenceEquals(a, b) || (a.IsResolved && b.IsResolved && a.Id == b.Id);
}
