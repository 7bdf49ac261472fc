namespace Harness.Simulator.Volume;

/// <summary>One stream at one moment. Immutable.</summary>
/// <param name="Size">Logical size, the end of <paramref name="Extents"/>.</param>
/// <param name="Flags">How it is stored.</param>
/// <param name="Extents">Its content.</param>
/// <param name="AllocatedBytes">What <see cref="AllocationRules"/> says of the above.</param>
internal sealed record StreamState(long Size, StreamFlags Flags, ExtentMap Extents, long AllocatedBytes)
{
    /// <summary>Bytes at the end that nobody has written: they read as zeros, and are allocated all the same.</summary>
    public long Uninitialized { get; init; }

    /// <summary>Clusters beyond those of the data, in bytes.</summary>
    public long Reserved { get; init; }

    /// <summary>The valid data length.</summary>
    public long ValidBytes => Size - Uninitialized;

    /// <summary>All that the stream takes of the volume.</summary>
    public long TotalBytes => AllocatedBytes + Reserved;

    public bool Is(StreamFlags flag) => (Flags & flag) != StreamFlags.None;
}
