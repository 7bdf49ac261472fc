using Harness.Engine.Errors;
using Harness.Engine.Format;
using Harness.Engine.Matching;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// Turns ranges that were read and fingerprinted into extents: what is as before stays where it is, what moved is found, and the
/// rest is packed. Logical thread only.
/// </summary>
internal sealed class RangePacker(BackupContext context)
{
    /// <summary>
    /// Changed pages that make a segment of their own when all of a range changed; fewer share one, since a segment costs
    /// 150 bytes in pack, index and manifest.
    /// </summary>
    private const int SegmentOfItsOwnPages = 16;

    private readonly DeltaPacker _delta = new(context.Repository.Keys, context.Services, context.Writer);
    private readonly bool[] _changed = new bool[FormatLimits.PagesPerRange];

    /// <summary>Of each changed page of the range in hand: the segment it was packed into, and where.</summary>
    private readonly (SegmentReference Segment, int Offset)[] _places =
        new (SegmentReference Segment, int Offset)[FormatLimits.PagesPerRange];

    /// <summary>Of the stream that was matched last.</summary>
    private StreamMatcher? _matcher;
    private RangeWork? _following;

    /// <summary>Bytes of data that differ from the previous recovery point and are not found elsewhere in the same stream there.</summary>
    public long ChangedBytes { get; private set; }

    /// <summary>Packs what of a range has changed and adds its extents to its region.</summary>
    /// <param name="work">The range.</param>
    /// <param name="following">The range that comes after it, when it is under way already.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    public async ValueTask PackAsync(RangeWork work, RangeWork? following, CancellationToken cancellationToken)
    {
        _following = following;
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

        work.Region.DoneRanges = work.Range + 1;
    }

    /// <summary>A range without a past: all its data is new, unless it came from elsewhere in the stream.</summary>
    private async ValueTask PackFreshAsync(RangeWork work, PreparedSegment segment, CancellationToken cancellationToken)
    {
        if (StreamMatcher.CanMatch(work.Stream) && !await context.Writer.HasAsync(segment))
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
        AddChanged(work, segment.RawBytes);
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
            () => context.Segments,
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
        AddChanged(work, to - from);
        var place = await _delta.AddAsync(work.Buffer.AsMemory(from, to - from));
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

        return await _matcher.MatchAsync(work, _changed, _following, cancellationToken);
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

    private void AddChanged(RangeWork work, long bytes)
    {
        ChangedBytes += bytes;
        work.Region.AddChanged(work.Range, bytes);
    }

    /// <summary>Packs the last changed pages; afterwards every extent has its segment.</summary>
    public async ValueTask FinishAsync() => await _delta.FinishAsync();
}
