namespace Harness.Simulator.Volume.Opening;

/// <summary>A range of a stream that one handle has locked (MS-FSA 2.1.1.10).</summary>
internal readonly record struct ByteRangeLock(VolumeHandle Owner, string Stream, ulong Offset, ulong Length, bool IsExclusive)
{
    /// <summary>
    /// Whether ranges overlap (MS-FSA 2.1.4.10), in modular arithmetic as there: {0, 0} overlaps nothing, another empty
    /// range what begins before and ends behind it.
    /// </summary>
    public bool Overlaps(ulong offset, ulong length)
    {
        if ((Offset == 0 && Length == 0) || (offset == 0 && length == 0))
        {
            return false;
        }

        unchecked
        {
            return offset <= Offset + Length - 1 && offset + length - 1 >= Offset;
        }
    }
}
