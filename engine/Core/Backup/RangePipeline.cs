using System.Numerics;
using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Takes ranges in order: read, fingerprinted and encoded by workers, then compared and packed here in the same order. Where
/// only the logical thread may read, it does. A bounded number is under way at once; of short ranges more than of long ones, so
/// that many small files are opened while a large one is encoded. Logical thread only.
/// </summary>
internal sealed class RangePipeline(BackupContext context)
{
    private const int ShortBytes = 64 << 10;
    private const int ShortPerWorker = 16;

    private readonly Queue<RangeWork> _underWay = new();
    private readonly Stack<RangeWork> _free = new();
    private readonly Stack<RangeWork> _freeShort = new();
    private readonly int _mostLong = (context.Services.Work.Width * 2) + 1;
    private readonly int _mostShort = context.Services.Work.Width * ShortPerWorker;
    private readonly RangePacker _packer = new(context);
    private readonly bool[] _dirty = new bool[FormatLimits.PagesPerRange];
    private int _longUnderWay;
    private long _adoptedBytes;

    /// <summary>Bytes of data that differ from the previous recovery point and are not found elsewhere in the same stream there.</summary>
    public long ChangedBytes => _packer.ChangedBytes + _adoptedBytes;

    /// <summary>Bytes read from the source.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Reads one stream and sends its ranges on their way.</summary>
    /// <param name="open">What it was, and how it is now.</param>
    /// <param name="dirty">What of it may have changed, ascending; null when nobody knows.</param>
    /// <param name="cancellationToken">Ends it between two ranges.</param>
    public async ValueTask AddAsync(
        OpenStream open, IReadOnlyList<ByteRange>? dirty, CancellationToken cancellationToken)
    {
        var stream = open.Stream;
        var allocated = await open.Reader.GetAllocatedRangesAsync(cancellationToken);
        await foreach (var number in RegionPlan.OfAsync(context, stream, allocated, dirty, cancellationToken))
        {
            if (stream.IsAbandoned)
            {
                return;
            }

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
                    await AddWholeAsync(region, open, allocated, cancellationToken);
                }
                else
                {
                    await AddDirtyAsync(region, open, allocated, dirty, cancellationToken);
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

    /// <summary>Waits for the workers after a failure and closes what they read.</summary>
    public async ValueTask AbandonAsync()
    {
        while (_underWay.TryDequeue(out var work))
        {
            await work.IsReadAsync();
            NoteReads(work);
            await (work.Source?.TakeAsync(CancellationToken.None) ?? ValueTask.CompletedTask);
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

        var work = Take(_free, stream.LengthBytes);
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
                    work.Reads.Plan(work, allocated);
                    await work.Reads.FillAsync(reader, cancellationToken);
                    NoteReads(work);
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
        RegionBackup region, OpenStream open, IReadOnlyList<ByteRange> allocated, CancellationToken cancellationToken)
    {
        foreach (var range in RegionPlan.Ranges(region, allocated))
        {
            if (range < region.DoneRanges)
            {
                continue;
            }

            var work = await NextAsync(region, range, cancellationToken);
            if (region.Stream.IsAbandoned)
            {
                Free(work);
                return;
            }

            RegionPlan.MarkAllocated(work, allocated);
            await StartAsync(work, allocated, open, cancellationToken);
        }
    }

    /// <summary>Reads dirty pages only; everything else is as it was.</summary>
    private async ValueTask AddDirtyAsync(
        RegionBackup region,
        OpenStream open,
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
            if (region.Stream.IsAbandoned)
            {
                Free(work);
                return;
            }

            RegionPlan.MarkAllocated(work, allocated);
            RegionPlan.Mark(_dirty, work, dirty);
            if (await FingerprintsAsync(region, range, cancellationToken) is { } known)
            {
                work.Keep(known, _dirty);
            }

            await StartAsync(work, allocated, open, cancellationToken);
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
        var lengthBytes = region.LengthBytes - (range * (long)FormatLimits.RangeBytes);
        var isShort = lengthBytes <= ShortBytes;
        while (isShort ? _underWay.Count - _longUnderWay >= _mostShort : _longUnderWay >= _mostLong)
        {
            await TakeAsync(cancellationToken);
        }

        var work = Take(isShort ? _freeShort : _free, lengthBytes);
        work.Begin(region, range, compare: !region.Stream.IsFullOnly, region.Stream.IsFullOnly ? null : context.Index.Filter);
        return work;
    }

    private async ValueTask StartAsync(
        RangeWork work, IReadOnlyList<ByteRange> allocated, OpenStream open, CancellationToken cancellationToken)
    {
        work.Reads.Plan(work, allocated);
        if (open.Shared is not null)
        {
            work.Source = open;
            open.Begin();
        }
        else
        {
            try
            {
                await work.Reads.FillAsync(open.Reader, cancellationToken);
            }
            catch
            {
                NoteReads(work);
                Free(work);
                throw;
            }
        }

        work.Task = context.Services.Work
            .RunAsync(static state => state.Work.Compute(state.Keys), (Work: work, context.Repository.Keys)).AsTask();
        work.Region.UnderWay++;
        _longUnderWay += IsShort(work) ? 0 : 1;
        _underWay.Enqueue(work);
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var work = _underWay.Dequeue();
        context.Services.Idle?.Invoke(work.Task);
        _longUnderWay -= IsShort(work) ? 0 : 1;
        try
        {
            await work.Task;
        }
        catch (SourceReadException error)
        {
            work.Stream.Fail(error);
        }

        NoteReads(work);
        if (work.Source is { } source)
        {
            await source.TakeAsync(cancellationToken);
        }

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
        Free(work);
    }

    private void NoteReads(RangeWork work)
    {
        ReadBytes += work.Reads.ReadBytes;
        work.Stream.Entry.ChangedWhileRead |= work.Reads.IsShort;
    }

    /// <summary>One that went round, unless its buffer is too short: a few small files need no buffers of a whole range.</summary>
    private static RangeWork Take(Stack<RangeWork> free, long lengthBytes)
    {
        var bytes = (int)Math.Clamp(lengthBytes, FormatLimits.PageBytes, FormatLimits.RangeBytes);
        return free.TryPop(out var work) && work.Buffer.Length >= bytes
            ? work
            : new RangeWork((int)BitOperations.RoundUpToPowerOf2((uint)bytes));
    }

    private void Free(RangeWork work) => (IsShort(work) ? _freeShort : _free).Push(work);

    private static bool IsShort(RangeWork work) => work.Buffer.Length <= ShortBytes;
}
