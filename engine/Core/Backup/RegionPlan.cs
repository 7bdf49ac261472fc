using System.Runtime.CompilerServices;
using Harness.Engine.Format;
using Harness.Engine.Model;

namespace Harness.Engine.Backup;

/// <summary>Which regions of a stream, ranges of a region and pages of a range have to be looked at.</summary>
internal static class RegionPlan
{
    /// <summary>
    /// Regions of the stream as it is now that may differ from before, ascending: those that hold anything or held anything,
    /// or, when it is known what is dirty, those.
    /// </summary>
    public static async IAsyncEnumerable<uint> OfAsync(
        BackupContext context,
        StreamBackup stream,
        IReadOnlyList<ByteRange> allocated,
        IReadOnlyList<ByteRange>? dirty,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = CountOf(stream.LengthBytes, FormatLimits.RegionBytes);
        if (dirty is not null)
        {
            foreach (var region in OfDirty(stream, dirty))
            {
                yield return region;
            }

            yield break;
        }

        using var now = Units(allocated, FormatLimits.RegionBytes).GetEnumerator();
        var hasNow = now.MoveNext();
        await foreach (var before in PreviousAsync(context, stream, cancellationToken))
        {
            while (hasNow && now.Current <= before)
            {
                if (now.Current < before)
                {
                    yield return (uint)now.Current;
                }

                hasNow = now.MoveNext();
            }

            if (before < end)
            {
                yield return before;
            }
        }

        while (hasNow)
        {
            yield return (uint)now.Current;
            hasNow = now.MoveNext();
        }
    }

    /// <summary>Regions that are dirty, ascending.</summary>
    public static IEnumerable<uint> OfDirty(StreamBackup stream, IReadOnlyList<ByteRange> dirty)
    {
        // A stream that moves into or out of records of its own has its first region written anew.
        var moves = stream.Previous is { } kept && kept.IsInRegions != stream.IsInRegions;
        var end = CountOf(stream.LengthBytes, FormatLimits.RegionBytes);
        foreach (var region in moves ? Units(dirty, FormatLimits.RegionBytes).Prepend(0).Distinct() : Units(dirty, FormatLimits.RegionBytes))
        {
            if (region < end)
            {
                yield return (uint)region;
            }
        }
    }

    /// <summary>Ranges of a region that touch any of the pieces, ascending.</summary>
    public static IEnumerable<int> Ranges(RegionBackup region, IReadOnlyList<ByteRange> pieces)
    {
        long next = 0;
        foreach (var piece in Touching(pieces, region.Start, region.Start + region.LengthBytes))
        {
            var last = (Math.Min(piece.End - region.Start, region.LengthBytes) - 1) / FormatLimits.RangeBytes;
            var first = Math.Max(piece.Offset - region.Start, 0) / FormatLimits.RangeBytes;
            for (var range = Math.Max(next, first); range <= last; range++)
            {
                yield return (int)range;
            }

            next = Math.Max(next, last + 1);
        }
    }

    public static int RangesOf(long regionBytes) => (int)CountOf(regionBytes, FormatLimits.RangeBytes);

    /// <summary>Marks the pages that the source allocated; all of them are to be read.</summary>
    public static void MarkAllocated(RangeWork work, IReadOnlyList<ByteRange> allocated)
    {
        Mark(work.Allocated, work, allocated);
        work.Allocated.CopyTo(work.Read, 0);
    }

    /// <summary>Marks the pages of a range that touch any of the pieces.</summary>
    public static void Mark(bool[] pages, RangeWork work, IReadOnlyList<ByteRange> pieces)
    {
        Array.Clear(pages);
        foreach (var piece in Touching(pieces, work.Start, work.Start + work.LengthBytes))
        {
            var from = (int)(Math.Max(piece.Offset, work.Start) - work.Start) / FormatLimits.PageBytes;
            var to = PageHasher.PagesOf((int)(Math.Min(piece.End, work.Start + work.LengthBytes) - work.Start));
            pages.AsSpan(from, to - from).Fill(true);
        }
    }

    /// <summary>The pieces that touch [start, end).</summary>
    public static IEnumerable<ByteRange> Touching(IReadOnlyList<ByteRange> pieces, long start, long end)
    {
        int low = 0, high = pieces.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (pieces[middle].End <= start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < pieces.Count && pieces[low].Offset < end; low++)
        {
            yield return pieces[low];
        }
    }

    private static async IAsyncEnumerable<uint> PreviousAsync(
        BackupContext context, StreamBackup stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stream.Previous is not { } before)
        {
            yield break;
        }

        if (!before.IsInRegions)
        {
            if (before.ContentBytes > 0)
            {
                yield return 0;
            }

            yield break;
        }

        var reference = stream.Entry.Plan.Entry.FileReference;
        await foreach (var sub in context.Previous.SubsAsync(RecordKey.Regions, reference, cancellationToken))
        {
            var key = new RecordKey(RecordKey.Regions, reference, sub);
            if (key.StreamId == stream.Id)
            {
                yield return key.Region;
            }
        }
    }

    /// <summary>Units that touch any of the pieces, ascending.</summary>
    private static IEnumerable<long> Units(IReadOnlyList<ByteRange> pieces, long unitBytes)
    {
        long next = 0;
        foreach (var piece in pieces)
        {
            var last = (piece.End - 1) / unitBytes;
            for (var unit = Math.Max(next, piece.Offset / unitBytes); unit <= last; unit++)
            {
                yield return unit;
            }

            next = Math.Max(next, last + 1);
        }
    }

    private static long CountOf(long bytes, long unitBytes) => bytes == 0 ? 0 : ((bytes - 1) / unitBytes) + 1;
}
