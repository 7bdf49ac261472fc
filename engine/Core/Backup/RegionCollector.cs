using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Takes regions that are complete out of the pipeline: those of a long stream go into the state at once, so that memory does
/// not follow its length, the one of a short stream waits with it for its entry. Logical thread only.
/// </summary>
internal sealed class RegionCollector(StateChanges changes)
{
    /// <summary>Takes what is complete; says whether nothing is left.</summary>
    public async ValueTask<bool> CollectAsync(StreamBackup stream)
    {
        while (stream.Regions.TryPeek(out var region))
        {
            if (!stream.IsAbandoned && !region.IsComplete)
            {
                return false;
            }

            stream.Regions.Dequeue();
            if (!stream.IsAbandoned)
            {
                await TakeAsync(stream, region);
            }
        }

        return true;
    }

    /// <summary>Takes back what a stream that failed has put into the state.</summary>
    public async ValueTask TakeBackAsync(StreamBackup stream)
    {
        stream.Regions.Clear();
        foreach (var (key, pages, before) in stream.PutRegions)
        {
            await changes.DeleteRegionAsync(key, pages, before);
        }

        stream.PutRegions.Clear();
    }

    private async ValueTask TakeAsync(StreamBackup stream, RegionBackup region)
    {
        var pages = region.Pages.Build();
        if (!stream.IsInRegions)
        {
            (stream.Content, stream.Pages, stream.PreviousPages) = (region.Content, pages, region.PreviousPages);
            stream.ChangedBytes = region.ChangedBytes;
            return;
        }

        var before = stream.Previous is { IsInRegions: true } ? region.Previous : null;
        await changes.PutRegionAsync(region.Key, region.Content, before);
        await changes.PutPagesAsync(region.Key, pages, region.PreviousPages);
        stream.PutRegions.Add((region.Key, pages, region.PreviousPages));
    }
}
