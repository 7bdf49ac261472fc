using Harness.Engine.Backup;
using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Matching;

/// <summary>
/// A stream as the previous recovery point has it: what is known of its pages, and where its bytes are. Reads what is asked
/// for and keeps a little of it. Logical thread only.
/// </summary>
internal sealed class PreviousVersion(BackupContext context, StreamBackup stream)
{
    private const int RegionsKept = 4;
    private const int RangesKept = 8;
    private const int RangesPerRegion = (int)(FormatLimits.RegionBytes / FormatLimits.RangeBytes);

    private readonly Dictionary<long, Region> _regions = [];
    private readonly Queue<long> _regionOrder = new();
    private readonly Dictionary<long, RangePages?> _ranges = [];
    private readonly Queue<long> _rangeOrder = new();

    public long LengthBytes => stream.Previous!.ContentBytes;

    /// <summary>Ranges that it has, the last maybe a short one.</summary>
    public long Ranges => (LengthBytes + FormatLimits.RangeBytes - 1) / FormatLimits.RangeBytes;

    /// <summary>Pages that are whole; only those are matched.</summary>
    public long WholePages => LengthBytes / FormatLimits.PageBytes;

    /// <summary>The pages of a range; null when the scratch location does not know them or there is no such range.</summary>
    public async ValueTask<RangePages?> PagesAsync(long range, CancellationToken cancellationToken)
    {
        if (range < 0 || range >= Ranges)
        {
            return null;
        }

        if (_ranges.TryGetValue(range, out var known))
        {
            return known;
        }

        var region = await RegionAsync(range / RangesPerRegion, cancellationToken);
        var pages = region.Content is null ? null
            : await context.Pages.TryReadPreviousAsync(
                region.Content, region.Pages, (int)(range % RangesPerRegion), cancellationToken);
        Keep(_ranges, _rangeOrder, RangesKept, range, pages);
        return pages;
    }

    /// <summary>Where the bytes of a region are, counted from its beginning.</summary>
    public async ValueTask<ExtentMap> ExtentsAsync(long region, CancellationToken cancellationToken) =>
        (await RegionAsync(region, cancellationToken)).Content?.Extents ?? ExtentMap.Empty;

    private async ValueTask<Region> RegionAsync(long number, CancellationToken cancellationToken)
    {
        if (_regions.TryGetValue(number, out var known))
        {
            return known;
        }

        var before = stream.Previous!;
        var key = RecordKey.OfRegion(stream.Entry.Plan.Entry.FileReference, stream.Id, (uint)number);
        var content = before.IsInRegions ? await context.Previous.FindRegionAsync(key, cancellationToken) : before.Content;
        var region = new Region(content, await context.Previous.FindPagesAsync(key, cancellationToken));
        Keep(_regions, _regionOrder, RegionsKept, number, region);
        return region;
    }

    private static void Keep<T>(Dictionary<long, T> kept, Queue<long> order, int most, long key, T value)
    {
        if (order.Count == most)
        {
            kept.Remove(order.Dequeue());
        }

        kept.Add(key, value);
        order.Enqueue(key);
    }

    private sealed record Region(ProtectedContent? Content, PageTable Pages);
}
