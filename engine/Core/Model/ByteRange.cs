namespace Harness.Engine.Model;

/// <summary>A range of bytes of a stream.</summary>
/// <param name="Offset">First byte, 0 or more.</param>
/// <param name="Length">Bytes, more than 0.</param>
public readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>First byte after the range.</summary>
    public long End => Offset + Length;
}
