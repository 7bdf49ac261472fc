namespace Harness.Simulator.Volume;

/// <summary>One stream at one moment. Immutable.</summary>
/// <param name="Size">Logical size, the end of <paramref name="Extents"/>.</param>
/// <param name="Flags">How it is stored.</param>
/// <param name="Extents">Its content.</param>
/// <param name="AllocatedBytes">What <see cref="AllocationRules"/> says of the above.</param>
internal sealed record StreamState(long Size, StreamFlags Flags, ExtentMap Extents, long AllocatedBytes)
{
    public bool Is(StreamFlags flag) => (Flags & flag) != StreamFlags.None;
}
