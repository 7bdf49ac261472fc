using Harness.Engine.Format;
using Harness.Engine.Resume;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// One region of a stream being backed up: what it was, and what is known of it so far. Offsets and ranges count from its
/// beginning. Logical thread only.
/// </summary>
internal sealed class RegionBackup(
    StreamBackup stream, RecordKey key, long lengthBytes, ProtectedContent? previous, PageTable previousPages)
{
    private long _changedOfFirst;
    private List<long>? _changedOfOthers;
    private ProtectedContent? _content;
    private int _notedRanges;

    public StreamBackup Stream { get; } = stream;

    public RecordKey Key { get; } = key;

    /// <summary>First byte in the stream.</summary>
    public long Start => Key.Region * FormatLimits.RegionBytes;

    public long LengthBytes { get; } = lengthBytes;

    /// <summary>The region in the previous recovery point, or null.</summary>
    public ProtectedContent? Previous { get; } = previous;

    public PageTable PreviousPages { get; } = previousPages;

    public ExtentMap.Builder Extents { get; } = new();

    public DigestMap.Builder Digests { get; } = new();

    public PageTable.Builder Pages { get; } = new();

    /// <summary>Every range before this one is in <see cref="Extents"/>, as far as it is to be.</summary>
    public int DoneRanges { get; set; }

    /// <summary>Ranges on their way through the pipeline.</summary>
    public int UnderWay { get; set; }

    /// <summary>No more ranges will come.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Delta segments that hold pages of this region and are not packed yet.</summary>
    public HashSet<SegmentReference> Unresolved { get; } = [];

    /// <summary>Whether every range is there and every segment has its id.</summary>
    public bool IsComplete
    {
        get
        {
            if (!IsClosed || UnderWay > 0)
            {
                return false;
            }

            Unresolved.RemoveWhere(static segment => segment.IsResolved);
            return Unresolved.Count == 0;
        }
    }

    /// <summary>Bytes of it that differ from the previous recovery point.</summary>
    public long ChangedBytes => ChangedIn(0, int.MaxValue);

    /// <summary>Counts bytes of a range that differ from the previous recovery point.</summary>
    public void AddChanged(int range, long bytes)
    {
        // Most regions are of files of one range.
        if (range == 0)
        {
            _changedOfFirst += bytes;
            return;
        }

        _changedOfOthers ??= [];
        while (_changedOfOthers.Count < range)
        {
            _changedOfOthers.Add(0);
        }

        _changedOfOthers[range - 1] += bytes;
    }

    /// <summary>
    /// What is complete since the last call, in whole ranges whose segments all have their ids; null when there is none.
    /// </summary>
    public RegionPiece? TakePiece()
    {
        var from = _notedRanges;
        var to = IsClosed && UnderWay == 0 ? RegionPlan.RangesOf(LengthBytes) : DoneRanges;
        var extents = new ExtentMap.Builder();
        foreach (var extent in Extents.Slice(from * (long)FormatLimits.RangeBytes, to * (long)FormatLimits.RangeBytes))
        {
            if (extent is { Kind: ExtentKind.Data, Segment.IsResolved: false })
            {
                to = (int)(extent.Offset / FormatLimits.RangeBytes);
                break;
            }

            extents.Add(extent);
        }

        if (to <= from)
        {
            return null;
        }

        _notedRanges = to;
        var digests = new DigestMap.Builder();
        digests.AddFrom(Digests.Build(), from, to);
        var pages = new PageTable.Builder();
        pages.AddFrom(Pages.Build(), from, to);
        var whole = new ExtentMap.Builder();
        extents.Build().CopyTo(whole, from * (long)FormatLimits.RangeBytes, to * (long)FormatLimits.RangeBytes);
        return new RegionPiece(
            Stream.Entry.ToMetadataRecord(),
            Key,
            from,
            to,
            new ProtectedContent(LengthBytes, whole.Build(), digests.Build()),
            pages.Build(),
            ChangedIn(from, to));
    }

    /// <summary>Takes over what a run that was cut off has packed of it; pieces come in order.</summary>
    public void Adopt(RegionPiece piece)
    {
        var (from, to) = (piece.From * (long)FormatLimits.RangeBytes, piece.To * (long)FormatLimits.RangeBytes);
        piece.Content.Extents.CopyTo(Extents, from, to);
        Digests.AddFrom(piece.Content.Digests, piece.From, piece.To);
        Pages.AddFrom(piece.Pages, piece.From, piece.To);
        AddChanged(piece.From, piece.ChangedBytes);
        DoneRanges = piece.To;
    }

    /// <summary>The region as it is now; asked when it is complete.</summary>
    public ProtectedContent Content => _content ??= new ProtectedContent(LengthBytes, Extents.Build(), Digests.Build());

    private long ChangedIn(int from, int to)
    {
        var sum = from == 0 ? _changedOfFirst : 0;
        var last = Math.Min(to - 1, _changedOfOthers?.Count ?? 0);
        for (var range = Math.Max(from, 1); range <= last; range++)
        {
            sum += _changedOfOthers![range - 1];
        }

        return sum;
    }
}
