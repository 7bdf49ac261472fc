namespace Harness.Engine.Matching;

/// <summary>Bytes of a stream that the previous recovery point has at another offset.</summary>
/// <param name="Offset">First byte in the stream as it is now.</param>
/// <param name="Length">Bytes.</param>
/// <param name="OldOffset">First byte in the stream as it was.</param>
internal readonly record struct Match(long Offset, int Length, long OldOffset)
{
    public long End => Offset + Length;

    /// <summary>The part from an offset on that it reaches beyond.</summary>
    public Match From(long offset) =>
        offset <= Offset ? this : new Match(offset, (int)(End - offset), OldOffset + (offset - Offset));

    /// <summary>The part before an offset that lies beyond its beginning.</summary>
    public Match Until(long offset) => offset >= End ? this : this with { Length = (int)(offset - Offset) };
}
