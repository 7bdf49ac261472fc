namespace Harness.Simulator.Volume;

/// <summary>What a dirty range holds now.</summary>
public enum DirtyRangeKind
{
    /// <summary>Bytes that must be read.</summary>
    Data,

    /// <summary>Written zeros: allocated, and known without reading.</summary>
    Zero,

    /// <summary>Nothing: a hole was punched, or the stream grew without data.</summary>
    Hole,
}

/// <summary>
/// A range of a stream that is not what it was. Zeros that became a hole, or the other way round, are dirty though they read
/// the same: what is allocated differs. Bytes that were written again as literals are dirty even when they are equal.
/// </summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes, more than 0.</param>
/// <param name="Kind">What is there now.</param>
public readonly record struct DirtyRange(long Offset, long Length, DirtyRangeKind Kind)
{
    /// <summary>First byte after the range.</summary>
    public long End => Offset + Length;
}
