using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>
/// Blocks of 16 KiB that were copied into the diff area before they were written over: each once, whatever is written there
/// later. Blocks are those of streams, as a simulated volume has no physical places; holes are not copied, and neither is
/// what a file grows by or loses.
/// </summary>
internal sealed class CopiedBlocks
{
    public const long BlockBytes = 16 * 1024;

    private readonly Dictionary<(FileReference File, string Stream), RangeSet> _streams = [];

    /// <summary>Bytes of all blocks, those of the record table included.</summary>
    public long Bytes { get; private set; }

    public void Add(FileReference file, string stream, StreamState before, long from, long to)
    {
        var start = from / BlockBytes * BlockBytes;
        var end = Math.Min(AllocationRules.RoundUp(to, BlockBytes), AllocationRules.RoundUp(before.Size, BlockBytes));
        foreach (var extent in before.Extents.Slice(start, Math.Min(end, before.Size)))
        {
            if (extent.Kind != ExtentKind.Hole)
            {
                if (!_streams.TryGetValue((file, stream), out var blocks))
                {
                    blocks = new RangeSet();
                    _streams.Add((file, stream), blocks);
                }

                Bytes += BlockBytes * blocks.Add(
                    extent.Start / BlockBytes, AllocationRules.RoundUp(extent.End, BlockBytes) / BlockBytes);
            }
        }
    }

    /// <summary>Pages of file records that were changed for the first time.</summary>
    public void AddPages(long pages) => Bytes += pages * BlockBytes;
}
