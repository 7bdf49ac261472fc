using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Model;
using Harness.Engine.Ports;

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
    private readonly DeltaPacker _delta = new(context.Repository.Keys, context.Services, context.Writer);
    private readonly bool[] _changed = new bool[FormatLimits.PagesPerRange];

    /// <summary>Of each changed page of the range in hand: the segment it was packed into, and where.</summary>
    private readonly (SegmentReference Segment, int Offset)[] _places =
        new (SegmentReference Segment, int Offset)[FormatLimits.PagesPerRange];

    /// <summary>Bytes of data pages that differ from the previous recovery point.</summary>
    public long ChangedBytes { get; private set; }

    /// <summary>Bytes read from the source.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Reads one stream and sends its ranges on their way.</summary>
    public async ValueTask AddAsync(StreamBackup stream, ISourceReader reader, CancellationToken cancellationToken)
    {
        var index = await context.IndexAsync(cancellationToken);
        var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
        foreach (var range in RangesOf(allocated))
        {
            if (_underWay.Count >= _depth)
            {
                await TakeAsync(cancellationToken);
            }

            var work = _free.Count > 0 ? _free.Pop() : new RangeWork();
            var start = range * FormatLimits.RangeBytes;
            var length = (int)Math.Min(FormatLimits.RangeBytes, stream.LengthBytes - start);
            var previous = stream.Previous is { } old && !stream.IsFullOnly ? old.Digests[range] : default;
            work.Begin(stream, range, length, previous, stream.IsFullOnly ? null : index);
            try
            {
                await FillAsync(work, allocated, reader, start, cancellationToken);
            }
            catch
            {
                _free.Push(work);
                throw;
            }

            work.Task = context.Services.Work
                .RunAsync(static state => state.Work.Compute(state.Keys), (Work: work, context.Repository.Keys)).AsTask();
            _underWay.Enqueue(work);
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

    /// <summary>Whether ranges of this entry are still under way.</summary>
    public bool IsUnderWay(EntryBackup entry) => _underWay.Any(work => ReferenceEquals(work.Stream.Entry, entry));

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
        var previous = stream.Previous!;
        if (previous.ContentBytes != stream.LengthBytes)
        {
            return false;
        }

        var work = _free.Count > 0 ? _free.Pop() : new RangeWork();
        var allocated = await reader.GetAllocatedRangesAsync(cancellationToken);
        var digests = new DigestMap.Builder();
        try
        {
            foreach (var range in RangesOf(allocated))
            {
                var start = range * FormatLimits.RangeBytes;
                work.Begin(stream, range, (int)Math.Min(FormatLimits.RangeBytes, stream.LengthBytes - start), default, null);
                await FillAsync(work, allocated, reader, start, cancellationToken);
                await context.Services.Work.RunAsync(
                    static state => state.Work.ComputeDigest(state.Keys), (Work: work, context.Repository.Keys));
                digests.Add(range, work.Digest);
            }
        }
        finally
        {
            _free.Push(work);
        }

        return digests.Build().DifferencesFrom(previous.Digests).Count == 0;
    }

    private async ValueTask FillAsync(
        RangeWork work, IReadOnlyList<ByteRange> allocated, ISourceReader reader, long start, CancellationToken cancellationToken)
    {
        var end = start + work.LengthBytes;
        foreach (var piece in Touching(allocated, start, end))
        {
            var from = (int)(Math.Max(piece.Offset, start) - start);
            var to = (int)(Math.Min(piece.End, end) - start);
            work.Allocated.AsSpan(
                from / FormatLimits.PageBytes, PageHasher.PagesOf(to) - (from / FormatLimits.PageBytes)).Fill(true);
            var read = await reader.ReadAsync(start + from, work.Buffer.AsMemory(from, to - from), cancellationToken);
            ReadBytes += read;
            if (read < to - from)
            {
                // The stream became shorter under the reader: only a source without true snapshots does that.
                work.Stream.Entry.ChangedWhileRead = true;
            }
        }
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var work = _underWay.Dequeue();
        await work.Task;
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
        var stream = work.Stream;
        stream.Digests.Add(work.Range, work.Digest);
        await KeepFingerprintsAsync(work, cancellationToken);
        Array.Clear(_changed);
        if (work.Fresh is not null)
        {
            await PackWholeAsync(work, work.Fresh);
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
        var stream = work.Stream;
        var old = await context.Pages.ReadPreviousAsync(
            stream.Previous!, PreviousPagesOf(stream), work.Range, await context.SegmentsAsync(cancellationToken), cancellationToken);
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
                    .SequenceEqual(old.AsSpan(at, FormatLimits.FingerprintBytes));
            all &= _changed[page];
        }

        if (all)
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
                var length = PageHasher.PageLength(work.LengthBytes, page);
                ChangedBytes += length;
                _places[page] = await _delta.AddAsync(
                    work.Buffer.AsMemory(page * FormatLimits.PageBytes, length), await context.IndexAsync(cancellationToken));
                stream.Entry.Unresolved.Add(_places[page].Segment);
            }
        }

        AddExtents(work);
    }

    /// <summary>
    /// The extents of a range: changed pages where they were packed, other data pages where the previous recovery point has
    /// them, zeros where the source allocated them, and nothing for holes.
    /// </summary>
    private void AddExtents(RangeWork work)
    {
        var content = work.Stream.Content;
        var start = work.Range * FormatLimits.RangeBytes;
        for (var page = 0; page < work.Pages; page++)
        {
            var offset = start + (page * (long)FormatLimits.PageBytes);
            var length = PageHasher.PageLength(work.LengthBytes, page);
            if (PageHasher.IsZero(work.Fingerprints, page))
            {
                if (work.Allocated[page])
                {
                    content.Add(new Extent(offset, length, ExtentKind.Zero, null, 0));
                }
            }
            else if (_changed[page])
            {
                var (target, at) = _places[page];
                content.Add(new Extent(offset, length, ExtentKind.Data, target, at));
            }
            else
            {
                AddPrevious(work, offset, length);
            }
        }
    }

    private static void AddPrevious(RangeWork work, long offset, int length) =>
        Invariant.Require(work.Stream.Previous!.Content.CopyTo(work.Stream.Content, offset, offset + length));

    private async ValueTask KeepFingerprintsAsync(RangeWork work, CancellationToken cancellationToken)
    {
        if (work.Pages <= 1 || !work.Digest.ContainsAnyExcept((byte)0))
        {
            return;
        }

        var known = work.IsUnchanged ? PreviousPagesOf(work.Stream)[work.Range] : null;
        var offset = known ?? await context.Pages.AppendAsync(work.FingerprintBlock, cancellationToken);
        work.Stream.Pages.Add(work.Range, offset);
    }

    private PageTable PreviousPagesOf(StreamBackup stream) =>
        context.PreviousPages.GetValueOrDefault(
            new StreamKey(stream.Entry.Plan.Entry.FileReference, stream.Source.Name), PageTable.Empty);

    /// <summary>Ranges that hold any allocated byte, ascending.</summary>
    private static IEnumerable<long> RangesOf(IReadOnlyList<ByteRange> allocated)
    {
        long next = 0;
        foreach (var piece in allocated)
        {
            var last = (piece.End - 1) / FormatLimits.RangeBytes;
            for (var range = Math.Max(next, piece.Offset / FormatLimits.RangeBytes); range <= last; range++)
            {
                yield return range;
            }

            next = Math.Max(next, last + 1);
        }
    }

    private static IEnumerable<ByteRange> Touching(IReadOnlyList<ByteRange> allocated, long start, long end)
    {
        int low = 0, high = allocated.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (allocated[middle].End <= start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < allocated.Count && allocated[low].Offset < end; low++)
        {
            yield return allocated[low];
        }
    }
}
