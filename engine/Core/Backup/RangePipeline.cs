using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Takes ranges in order: read here, fingerprinted and encoded by workers, then compared and packed here in the same order.
/// A bounded number is under way at once. Logical thread only.
/// </summary>
internal sealed class RangePipeline(BackupContext context)
{
    private readonly Queue<RangeWork> _underWay = new();
    private readonly Stack<RangeWork> _free = new();
    private readonly int _depth = (context.Services.Work.Width * 2) + 1;
    private readonly RangePacker _packer = new(context);
    private readonly bool[] _dirty = new bool[FormatLimits.PagesPerRange];
    private long _adoptedBytes;

    /// <summary>Bytes of data that differ from the previous recovery point and are not found elsewhere in the same stream there.</summary>
    public long ChangedBytes => _packer.ChangedBytes + _adoptedBytes;

    /// <summary>Bytes read from the source.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Reads one stream and sends its ranges on their way.</summary>
    /// <param name="stream">What it was.</param>
    /// <param name="reader">How it is now.</param>
    /// <param name="dirty">What of it may have changed, ascending; null when nobody knows.</param>
    /// <param name="cancellationToken">Ends it between two ranges.</param>
    public async ValueTask AddAsync(
        StreamBackup stream, ISourceReader reader, IReadOnlyList<ByteRange>? dirty, CancellationToken cancellationToken)
    {
        var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
        await foreach (var number in RegionPlan.OfAsync(context, stream, allocated, dirty, cancellationToken))
        {
            var region = await BeginAsync(stream, number, cancellationToken);
            stream.Regions.Enqueue(region);
            await context.Log.WatchAsync(region, cancellationToken);
            try
            {
                if (dirty is null)
                {
                    await context.Resumed.AdoptAsync(context, region, cancellationToken);
                    _adoptedBytes += region.ChangedBytes;
                }

                if (dirty is null || region.Previous is null)
                {
                    await AddWholeAsync(region, reader, allocated, cancellationToken);
                }
                else
                {
                    await AddDirtyAsync(region, reader, allocated, dirty, cancellationToken);
                }
            }
            finally
            {
                region.IsClosed = true;
            }

            await context.Regions.CollectAsync(stream);
        }
    }

    /// <summary>Finishes every range that is under way, so that streams begun so far are complete.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (_underWay.Count > 0)
        {
            await TakeAsync(cancellationToken);
        }
    }

    /// <summary>Packs the last changed pages; afterwards every extent has its segment.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await _packer.FinishAsync();
    }

    /// <summary>Reads a whole stream and says whether every range digest is as before; sends nothing.</summary>
    public async ValueTask<bool> IsUnchangedAsync(
        StreamBackup stream, ISourceReader reader, CancellationToken cancellationToken)
    {
        if (stream.Previous!.ContentBytes != stream.LengthBytes)
        {
            return false;
        }

        var work = _free.Count > 0 ? _free.Pop() : new RangeWork();
        var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
        try
        {
            await foreach (var number in RegionPlan.OfAsync(context, stream, allocated, dirty: null, cancellationToken))
            {
                var region = await BeginAsync(stream, number, cancellationToken);
                var digests = new DigestMap.Builder();
                foreach (var range in RegionPlan.Ranges(region, allocated))
                {
                    work.Begin(region, range, compare: false, filter: null);
                    RegionPlan.MarkAllocated(work, allocated);
                    await FillAsync(work, allocated, reader, cancellationToken);
                    await context.Services.Work.RunAsync(
                        static state => state.Work.ComputeDigest(state.Keys), (Work: work, context.Repository.Keys));
                    digests.Add(range, work.Digest);
                }

                var before = region.Previous?.Digests ?? DigestMap.Empty;
                if (digests.Build().DifferencesFrom(before).Count > 0)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            _free.Push(work);
        }
    }

    private async ValueTask<RegionBackup> BeginAsync(StreamBackup stream, uint number, CancellationToken cancellationToken)
    {
        var reference = stream.Entry.Plan.Entry.FileReference;
        var key = RecordKey.OfRegion(reference, stream.Id, number);
        var length = Math.Min(FormatLimits.RegionBytes, stream.LengthBytes - (number * FormatLimits.RegionBytes));
        var previous = stream.Previous is not { } before || stream.Entry.IsSentAgain ? null
            : before.IsInRegions ? await context.Previous.FindRegionAsync(key, cancellationToken)
            : number == 0 ? before.Content
            : null;
        var pages = await context.Previous.FindPagesAsync(key, cancellationToken);
        return new RegionBackup(stream, key, length, previous, pages);
    }

    private async ValueTask AddWholeAsync(
        RegionBackup region, ISourceReader reader, IReadOnlyList<ByteRange> allocated, CancellationToken cancellationToken)
    {
        foreach (var range in RegionPlan.Ranges(region, allocated))
        {
            if (range < region.DoneRanges)
            {
                continue;
            }

            var work = await NextAsync(region, range, cancellationToken);
            RegionPlan.MarkAllocated(work, allocated);
            await StartAsync(work, allocated, reader, cancellationToken);
        }
    }

    /// <summary>Reads dirty pages only; everything else is as it was.</summary>
    private async ValueTask AddDirtyAsync(
        RegionBackup region,
        ISourceReader reader,
        IReadOnlyList<ByteRange> allocated,
        IReadOnlyList<ByteRange> dirty,
        CancellationToken cancellationToken)
    {
        var next = 0;
        foreach (var range in RegionPlan.Ranges(region, dirty))
        {
            await KeepAsync(region, next, range, cancellationToken);
            next = range + 1;
            var work = await NextAsync(region, range, cancellationToken);
            RegionPlan.MarkAllocated(work, allocated);
            RegionPlan.Mark(_dirty, work, dirty);
            if (await FingerprintsAsync(region, range, cancellationToken) is { } known)
            {
                work.Keep(known, _dirty);
            }

            await StartAsync(work, allocated, reader, cancellationToken);
        }

        await KeepAsync(region, next, RegionPlan.RangesOf(region.LengthBytes), cancellationToken);
    }

    /// <summary>The fingerprints of a range in the previous recovery point, when the scratch location has them.</summary>
    private async ValueTask<RangePages?> FingerprintsAsync(RegionBackup region, int range, CancellationToken cancellationToken) =>
        await context.Pages.TryReadPreviousAsync(region.Previous!, region.PreviousPages, range, cancellationToken);

    /// <summary>Takes ranges over from the previous recovery point, once those before them are in their place.</summary>
    private async ValueTask KeepAsync(RegionBackup region, int from, int to, CancellationToken cancellationToken)
    {
        if (from >= to)
        {
            return;
        }

        while (region.UnderWay > 0)
        {
            await TakeAsync(cancellationToken);
        }

        region.Previous!.Extents.CopyTo(
            region.Extents,
            from * (long)FormatLimits.RangeBytes,
            Math.Min(to * (long)FormatLimits.RangeBytes, region.LengthBytes));
        region.Digests.AddFrom(region.Previous.Digests, from, to);
        region.Pages.AddFrom(region.PreviousPages, from, to);
        region.DoneRanges = to;
    }

    private async ValueTask<RangeWork> NextAsync(RegionBackup region, int range, CancellationToken cancellationToken)
    {
        if (_underWay.Count >= _depth)
        {
            await TakeAsync(cancellationToken);
        }

        var work = _free.Count > 0 ? _free.Pop() : new RangeWork();
        work.Begin(region, range, compare: !region.Stream.IsFullOnly, region.Stream.IsFullOnly ? null : context.Index.Filter);
        return work;
    }

    private async ValueTask StartAsync(
        RangeWork work, IReadOnlyList<ByteRange> allocated, ISourceReader reader, CancellationToken cancellationToken)
    {
        try
        {
            await FillAsync(work, allocated, reader, cancellationToken);
        }
        catch
        {
            _free.Push(work);
            throw;
        }

        work.Task = context.Services.Work
            .RunAsync(static state => state.Work.Compute(state.Keys), (Work: work, context.Repository.Keys)).AsTask();
        work.Region.UnderWay++;
        _underWay.Enqueue(work);
    }

    /// <summary>Reads the pages that are to be read; what is not allocated in them is zeros.</summary>
    private async ValueTask FillAsync(
        RangeWork work, IReadOnlyList<ByteRange> allocated, ISourceReader reader, CancellationToken cancellationToken)
    {
        var page = 0;
        while (page < work.Pages)
        {
            if (!work.Read[page])
            {
                page++;
                continue;
            }

            var first = page;
            while (page < work.Pages && work.Read[page])
            {
                page++;
            }

            var from = first * FormatLimits.PageBytes;
            var to = Math.Min(page * FormatLimits.PageBytes, work.LengthBytes);
            var filled = from;
            foreach (var piece in RegionPlan.Touching(allocated, work.Start + from, work.Start + to))
            {
                var start = (int)(Math.Max(piece.Offset, work.Start + from) - work.Start);
                var end = (int)(Math.Min(piece.End, work.Start + to) - work.Start);
                work.Buffer.AsSpan(filled, start - filled).Clear();
                await ReadAsync(work, start, end, reader, cancellationToken);
                filled = end;
            }

            work.Buffer.AsSpan(filled, to - filled).Clear();
        }
    }

    private async ValueTask ReadAsync(RangeWork work, int from, int to, ISourceReader reader, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(work.Start + from, work.Buffer.AsMemory(from, to - from), cancellationToken);
        ReadBytes += read;
        if (read < to - from)
        {
            // The stream became shorter under the reader: only a source without true snapshots does that.
            work.Buffer.AsSpan(from + read, to - from - read).Clear();
            work.Stream.Entry.ChangedWhileRead = true;
        }
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var work = _underWay.Dequeue();
        await work.Task;
        if (!work.Stream.IsAbandoned)
        {
            await _packer.PackAsync(work, _underWay.TryPeek(out var next) ? next : null, cancellationToken);
        }
        else
        {
            work.Fresh?.Release();
        }

        // Not before: a pack that is closed meanwhile must not take the region for whole.
        work.Region.UnderWay--;
        _free.Push(work);
    }
}
