namespace Harness.Engine.Format;

/// <summary>Types of segments (FORMAT.md section 5).</summary>
internal enum SegmentType : byte
{
    Data = 1,
    RawEncrypted = 2,
}

/// <summary>Where one segment lies within its pack.</summary>
internal readonly record struct SegmentRecord(
    Hash256 Id, uint Ordinal, uint Offset, uint StoredBytes, uint RawBytes, byte Codec, SegmentType Type)
{
    /// <summary>Whether it is as long as a segment may be: a reader reserves memory by these numbers.</summary>
    public bool IsWithinLimits => RawBytes <= FormatLimits.RangeBytes
        && StoredBytes is >= FormatLimits.TagBytes and <= FormatLimits.RangeBytes + FormatLimits.TagBytes;
}
