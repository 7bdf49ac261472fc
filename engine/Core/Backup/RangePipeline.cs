using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Matching;
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
    /// <summary>
    /// Changed pages that make a segment of their own when all of a range changed; fewer share one, since a segment costs
    /// 150 bytes in pack, index and manifest.
    /// </summary>
    private const int SegmentOfItsOwnPages = 16;

    private readonly Queue<RangeWork> _underWay = new();
    private readonly Stack<RangeWork> _free = new();
    private readonly int _depth = (context.Services.Work.Width * 2) + 1;
    private readonly DeltaPacker _delta = new(context.Repository.Keys, context.Services, context.Writer);
    private readonly bool[] _changed = new bool[FormatLimits.PagesPerRange];
    private readonly bool[] _dirty = new bool[FormatLimits.PagesPerRange];

    /// <summary>Of each changed page of the range in hand: the segment it was packed into, and where.</summary>
    private readonly (SegmentReference Segment, int Offset)[] _places =
        new (SegmentReference Segment, int Offset)[FormatLimits.PagesPerRange];

    /// <summary>Of the stream that was matched last.</summary>
    private StreamMatcher? _matcher;

    /// <summary>Bytes of data that differ from the previous recovery point and are not found elsewhere in the same stream there.</summary>
    public long ChangedBytes { get; private set; }

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
            try
            {
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
        await _delta.FinishAsync(ChangedBytes == 0 ? null : await context.IndexAsync(cancellationToken));
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
                    work.Begin(region, range, compare: false, index: null);
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
        var previous = stream.Previous is not { } before ? null
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
    }

    private async ValueTask<RangeWork> NextAsync(RegionBackup region, int range, CancellationToken cancellationToken)
    {
        if (_underWay.Count >= _depth)
        {
            await TakeAsync(cancellationToken);
        }

        var index = region.Stream.IsFullOnly ? null : await context.IndexAsync(cancellationToken);
        var work = _free.Count > 0 ? _free.Pop() : new RangeWork();
        work.Begin(region, range, compare: !region.Stream.IsFullOnly, index);
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
            Array.Clear(work.Buffer, from, to - from);
            foreach (var piece in RegionPlan.Touching(allocated, work.Start + from, work.Start + to))
            {
                await ReadAsync(
                    work,
                    (int)(Math.Max(piece.Offset, work.Start + from) - work.Start),
                    (int)(Math.Min(piece.End, work.Start + to) - work.Start),
                    reader,
                    cancellationToken);
            }
        }
    }

    private async ValueTask ReadAsync(RangeWork work, int from, int to, ISourceReader reader, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(work.Start + from, work.Buffer.AsMemory(from, to - from), cancellationToken);
        ReadBytes += read;
        if (read < to - from)
        {
            // The stream became shorter under the reader: only a source without true snapshots does that.
            work.Stream.Entry.ChangedWhileRead = true;
        }
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var work = _underWay.Dequeue();
        await work.Task;
        work.Region.UnderWay--;
        if (!work.Stream.IsAbandoned)
        {
            await TakeAsync(work, cancellationToken);
        }
        else
        {
            work.Fresh?.Release();
        }

        _free.Push(work);
    }

    private async ValueTask TakeAsync(RangeWork work, CancellationToken cancellationToken)
    {
        work.Region.Digests.Add(work.Range, work.Digest);
        await KeepFingerprintsAsync(work, cancellationToken);
        Array.Clear(_changed);
        if (work.Fresh is not null)
        {
            await PackFreshAsync(work, work.Fresh, cancellationToken);
        }
        else if (work.IsUnchanged || !work.Digest.ContainsAnyExcept((byte)0))
        {
            AddExtents(work);
        }
        else
        {
            await PackChangesAsync(work, cancellationToken);
        }
    }

    /// <summary>A range without a past: all its data is new, unless it came from elsewhere in the stream.</summary>
    private async ValueTask PackFreshAsync(RangeWork work, PreparedSegment segment, CancellationToken cancellationToken)
    {
        if (!segment.IsKnown && StreamMatcher.CanMatch(work.Stream))
        {
            MarkChanged(work, []);
            if (await MatchAsync(work, cancellationToken) is { Count: > 0 } matches)
            {
                segment.Release();
                await PackMatchedAsync(work, matches, cancellationToken);
                return;
            }
        }

        await PackWholeAsync(work, segment);
    }

    /// <summary>Every data page of the range goes out in one segment.</summary>
    private async ValueTask PackWholeAsync(RangeWork work, PreparedSegment segment)
    {
        ChangedBytes += segment.RawBytes;
        var stream = work.Stream;
        var type = stream.Source.RawSizeBytes is null ? SegmentType.Data : SegmentType.RawEncrypted;
        var reference = await context.Writer.AppendAsync(segment, type, always: stream.IsFullOnly);
        var position = 0;
        for (var page = 0; page < work.Pages; page++)
        {
            _changed[page] = !PageHasher.IsZero(work.Fingerprints, page);
            _places[page] = (reference, position);
            position += _changed[page] ? PageHasher.PageLength(work.LengthBytes, page) : 0;
        }

        AddExtents(work);
    }

    private async ValueTask PackChangesAsync(RangeWork work, CancellationToken cancellationToken)
    {
        var old = work.Previous ?? await context.Pages.ReadPreviousAsync(
            work.Region.Previous!,
            work.Region.PreviousPages,
            work.Range,
            () => context.SegmentsAsync(cancellationToken),
            cancellationToken);
        var all = MarkChanged(work, old.Fingerprints);
        if (await MatchAsync(work, cancellationToken) is { Count: > 0 } matches)
        {
            await PackMatchedAsync(work, matches, cancellationToken);
            return;
        }

        if (all && _changed.AsSpan(0, work.Pages).Count(true) >= SegmentOfItsOwnPages)
        {
            var prepared = await context.Services.Work.RunAsync(
                static state => state.Work.PrepareDataPages(state.Keys)!, (Work: work, context.Repository.Keys));
            await PackWholeAsync(work, prepared);
            return;
        }

        for (var page = 0; page < work.Pages; page++)
        {
            if (_changed[page])
            {
                var start = page * FormatLimits.PageBytes;
                _places[page] = await PackBytesAsync(
                    work, start, start + PageHasher.PageLength(work.LengthBytes, page), cancellationToken);
            }
        }

        AddExtents(work);
    }

    private async ValueTask<(SegmentReference Segment, int Offset)> PackBytesAsync(
        RangeWork work, int from, int to, CancellationToken cancellationToken)
    {
        ChangedBytes += to - from;
        var place = await _delta.AddAsync(work.Buffer.AsMemory(from, to - from), await context.IndexAsync(cancellationToken));
        work.Region.Unresolved.Add(place.Segment);
        return place;
    }

    /// <summary>What the previous version of the stream has of the changed pages, at whatever offset.</summary>
    private async ValueTask<IReadOnlyList<Match>> MatchAsync(RangeWork work, CancellationToken cancellationToken)
    {
        if (!StreamMatcher.CanMatch(work.Stream))
        {
            return [];
        }

        if (_matcher?.Stream != work.Stream)
        {
            _matcher = new StreamMatcher(context, work.Stream);
        }

        var next = _underWay.TryPeek(out var following) ? following : null;
        return await _matcher.MatchAsync(work, _changed, next, cancellationToken);
    }

    /// <summary>Refers to the previous version where it has the bytes, and sends the others.</summary>
    private async ValueTask PackMatchedAsync(RangeWork work, IReadOnlyList<Match> matches, CancellationToken cancellationToken)
    {
        var extents = new ExtentMap.Builder();
        var next = 0;
        for (var page = 0; page < work.Pages; page++)
        {
            var position = page * FormatLimits.PageBytes;
            var end = _changed[page] ? position + PageHasher.PageLength(work.LengthBytes, page) : position;
            while (position < end)
            {
                while (next < matches.Count && matches[next].End <= work.Start + position)
                {
                    next++;
                }

                var match = next < matches.Count ? matches[next] : new Match(long.MaxValue, 0, 0);
                var isMatched = match.Offset <= work.Start + position;
                var stop = (int)Math.Min(end, (isMatched ? match.End : match.Offset) - work.Start);
                if (isMatched)
                {
                    await AddMatchedAsync(extents, work, match, position, stop, cancellationToken);
                }
                else
                {
                    var (segment, at) = await PackBytesAsync(work, position, stop, cancellationToken);
                    extents.Add(new Extent(OffsetInRegion(work, position), stop - position, ExtentKind.Data, segment, at));
                }

                position = stop;
            }
        }

        AddExtents(work, extents.Build());
    }

    private async ValueTask AddMatchedAsync(
        ExtentMap.Builder extents, RangeWork work, Match match, int from, int to, CancellationToken cancellationToken)
    {
        var old = match.OldOffset + (work.Start + from - match.Offset);
        var region = old / FormatLimits.RegionBytes;
        var start = old - (region * FormatLimits.RegionBytes);
        var map = await _matcher!.Old.ExtentsAsync(region, cancellationToken);
        Invariant.Require(map.CopyTo(extents, start, start + (to - from), OffsetInRegion(work, from) - start));
    }

    private static long OffsetInRegion(RangeWork work, int offset) => (work.Range * (long)FormatLimits.RangeBytes) + offset;

    /// <summary>Marks the data pages that differ from what they were; says whether all do.</summary>
    private bool MarkChanged(RangeWork work, ReadOnlySpan<byte> old)
    {
        var all = true;
        for (var page = 0; page < work.Pages; page++)
        {
            if (PageHasher.IsZero(work.Fingerprints, page))
            {
                continue;
            }

            var at = page * FormatLimits.FingerprintBytes;
            _changed[page] = at >= old.Length
                || !work.Fingerprints.Slice(at, FormatLimits.FingerprintBytes)
                    .SequenceEqual(old.Slice(at, FormatLimits.FingerprintBytes));
            all &= _changed[page];
        }

        return all;
    }

    /// <summary>
    /// The extents of a range: changed pages where they were packed, other data pages where the previous recovery point has
    /// them, zeros where the source allocated them, and nothing for holes.
    /// </summary>
    private void AddExtents(RangeWork work, ExtentMap? matched = null)
    {
        var extents = work.Region.Extents;
        var start = work.Range * (long)FormatLimits.RangeBytes;
        for (var page = 0; page < work.Pages; page++)
        {
            var offset = start + (page * (long)FormatLimits.PageBytes);
            var length = PageHasher.PageLength(work.LengthBytes, page);
            if (PageHasher.IsZero(work.Fingerprints, page))
            {
                if (work.Allocated[page])
                {
                    extents.Add(new Extent(offset, length, ExtentKind.Zero, null, 0));
                }
            }
            else if (_changed[page] && matched is not null)
            {
                Invariant.Require(matched.CopyTo(extents, offset, offset + length));
            }
            else if (_changed[page])
            {
                var (target, at) = _places[page];
                extents.Add(new Extent(offset, length, ExtentKind.Data, target, at));
            }
            else
            {
                Invariant.Require(work.Region.Previous!.Extents.CopyTo(extents, offset, offset + length));
            }
        }
    }

    private async ValueTask KeepFingerprintsAsync(RangeWork work, CancellationToken cancellationToken)
    {
        if (work.Pages <= 1 || !work.Digest.ContainsAnyExcept((byte)0))
        {
            return;
        }

        var known = work.IsUnchanged ? work.Region.PreviousPages[work.Range] : null;
        var offset = known is { } kept && kept.Pages == work.Pages && kept.Kept == work.Kept
            ? known.Value.Offset
            : await context.Pages.AppendAsync(work.PageBlock, cancellationToken);
        work.Region.Pages.Add(new PageTable.Block(work.Range, offset, work.Pages, work.Kept));
    }
}
