using Harness.Engine.Format;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>
/// One region of a stream being backed up: what it was, and what is known of it so far. Offsets and ranges count from its
/// beginning. Logical thread only.
/// </summary>
internal sealed class RegionBackup(
    StreamBackup stream, RecordKey key, long lengthBytes, ProtectedContent? previous, PageTable previousPages)
{
    private ProtectedContent? _content;

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

    /// <summary>The region as it is now; asked when it is complete.</summary>
    public ProtectedContent Content => _content ??= new ProtectedContent(LengthBytes, Extents.Build(), Digests.Build());
}
