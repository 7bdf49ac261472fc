using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.Repositories;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Works out what a run would read, by the same decisions and without reading: nothing is written anywhere. A run that goes on from
/// one that was cut off reads less; a full-only file that turns out to have changed is read a second time. Logical thread only.
/// </summary>
internal sealed class DryRun(BackupRequest request, ISnapshot snapshot, VolumeInfo volume, Commit? parent, SourceState previous)
{
    private long _files;
    private long _readBytes;

    /// <summary>What a run would do by a plan, or where there is none by a listing.</summary>
    public async ValueTask<DryRunPlan> PlanAsync(ChangePlan? plan, CancellationToken cancellationToken)
    {
        if (plan is null)
        {
            await foreach (var item in snapshot.EnumerateAsync(cancellationToken))
            {
                await AddAsync(item, changes: null, cancellationToken);
            }
        }
        else
        {
            var seen = new HashSet<ulong>(plan.References);
            foreach (var entry in plan.Entries)
            {
                await AddAsync(entry.Plan, entry.Change.Streams, cancellationToken);
                if (!entry.IsNewDirectory)
                {
                    continue;
                }

                await foreach (var item in snapshot.Changes!.EnumerateBelowAsync(entry.Plan.Entry, cancellationToken))
                {
                    if (item.Entry is { } below && seen.Add(below.FileReference))
                    {
                        await AddAsync(item, changes: null, cancellationToken);
                    }
                }
            }
        }

        return new DryRunPlan(plan is not null ? "changes" : parent is null ? "full" : "scan", _files, _readBytes);
    }

    private ValueTask AddAsync(SourceItem item, IReadOnlyList<StreamChange>? changes, CancellationToken cancellationToken) =>
        item.Entry is { } entry ? AddAsync(EntryPlan.For(request.Profile, entry), changes, cancellationToken) : default;

    private async ValueTask AddAsync(EntryPlan plan, IReadOnlyList<StreamChange>? changes, CancellationToken cancellationToken)
    {
        if (plan.IsSkipped || plan.Protected.Count == 0)
        {
            return;
        }

        var before = await previous.FindEntryAsync(plan.Entry.FileReference, cancellationToken);
        before = before?.Kind == plan.RecordKind ? before : null;
        if (before is not null && changes is null && ContentUnchanged.ByMetadata(parent, volume, plan, before))
        {
            return;
        }

        var entry = new EntryBackup(plan, before);
        EntryPipeline.AddStreams(entry);
        var isRead = false;
        foreach (var stream in entry.Streams)
        {
            var dirty = DirtyRanges.Of(stream, changes);
            if (dirty is not { Count: 0 })
            {
                isRead = true;
                await AddAsync(stream, dirty, cancellationToken);
            }
        }

        _files += isRead ? 1 : 0;
    }

    private async ValueTask AddAsync(StreamBackup stream, IReadOnlyList<ByteRange>? dirty, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await snapshot.OpenAsync(stream.Entry.Plan.Entry, stream.Source, cancellationToken);
            stream.LengthBytes = reader.LengthBytes;
            var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
            if (dirty is null || stream.IsFullOnly)
            {
                _readBytes += allocated.Sum(piece => Math.Min(piece.End, stream.LengthBytes) - piece.Offset);
                return;
            }

            foreach (var region in RegionPlan.OfDirty(stream, dirty))
            {
                await AddAsync(stream, region, allocated, dirty, cancellationToken);
            }
        }
        catch (SourceReadException)
        {
            // The run will report it; it reads nothing of what it cannot open.
        }
    }

    private async ValueTask AddAsync(
        StreamBackup stream, uint region, IReadOnlyList<ByteRange> allocated, IReadOnlyList<ByteRange> dirty, CancellationToken cancellationToken)
    {
        var start = region * FormatLimits.RegionBytes;
        var end = Math.Min(start + FormatLimits.RegionBytes, stream.LengthBytes);
        var key = RecordKey.OfRegion(stream.Entry.Plan.Entry.FileReference, stream.Id, region);
        var isKnown = stream.Previous!.IsInRegions
            ? await previous.FindRegionAsync(key, cancellationToken) is not null
            : region == 0;
        long done = start;
        foreach (var piece in isKnown ? RegionPlan.Touching(dirty, start, end) : [new ByteRange(start, end - start)])
        {
            // Whole pages are read.
            var from = Math.Max(done, piece.Offset / FormatLimits.PageBytes * FormatLimits.PageBytes);
            var to = Math.Min(end, (piece.End + FormatLimits.PageBytes - 1) / FormatLimits.PageBytes * FormatLimits.PageBytes);
            foreach (var held in from < to ? RegionPlan.Touching(allocated, from, to) : [])
            {
                _readBytes += Math.Min(held.End, to) - Math.Max(held.Offset, from);
            }

            done = Math.Max(done, to);
        }
    }
}
