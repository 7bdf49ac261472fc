using Harness.Engine.Format;
using Harness.Engine.Ports;
using Harness.Engine.Prune;
using Harness.Engine.Repositories;
using Harness.Engine.Resume;
using Harness.Engine.Rules;
using Harness.Engine.Segments;
using Harness.Engine.State;

namespace Harness.Engine.Backup;

/// <summary>What the parts of one run share. Logical thread only.</summary>
internal sealed class BackupContext : IDisposable
{
    private SegmentReader? _segments;

    public required EngineServices Services { get; init; }

    public required Repository Repository { get; init; }

    public required IScratch Scratch { get; init; }

    public required ISnapshot Snapshot { get; init; }

    public required RuleProfile Profile { get; init; }

    public required Model.VolumeInfo Volume { get; init; }

    /// <summary>The commit that this run follows, or null.</summary>
    public required Commit? Parent { get; init; }

    /// <summary>Its state.</summary>
    public required SourceState Previous { get; init; }

    /// <summary>How the new state differs from it.</summary>
    public required StateChanges Changes { get; init; }

    public required RunFindings Findings { get; init; }

    public required RegionCollector Regions { get; init; }

    public required PageStore Pages { get; init; }

    /// <summary>What runs that were cut off have left.</summary>
    public required ResumedRun Resumed { get; init; }

    /// <summary>Where this run notes what it has done.</summary>
    public required RunLog Log { get; init; }

    public required SegmentWriter Writer { get; init; }

    /// <summary>What keeps a prune from removing what this run relies on.</summary>
    public required WriterFence Fence { get; init; }

    /// <summary>The segments of the vault, read when first asked: a run without changes never does.</summary>
    public required SegmentIndex Index { get; init; }

    /// <summary>Whether content whose packs are lost is looked for in the source and sent again: a full scan of a vault with damage.</summary>
    public required bool Heals { get; init; }

    /// <summary>Whether everything that an entry of the state before consists of is in the vault for this run to rely on.</summary>
    public async ValueTask<bool> HasContentAsync(EntryRecord entry, CancellationToken cancellationToken)
    {
        foreach (var stream in entry.Streams)
        {
            Hash256? last = null;
            await foreach (var extent in Previous.ExtentsAsync(entry, stream, cancellationToken))
            {
                if (extent.Segment?.Id is { } id && id != last && !await HasSegmentsAsync([extent], cancellationToken))
                {
                    return false;
                }

                last = extent.Segment?.Id;
            }
        }

        return true;
    }

    /// <summary>Whether everything that extents refer to is in the vault for this run to rely on.</summary>
    public async ValueTask<bool> HasSegmentsAsync(IEnumerable<Extent> extents, CancellationToken cancellationToken)
    {
        foreach (var extent in extents)
        {
            if (extent.Kind == ExtentKind.Data && !Writer.Use(extent.Segment!.Id)
                && !await Index.ContainsAsync(extent.Segment.Id, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads old content, to rebuild fingerprints that were lost.</summary>
    public SegmentReader Segments => _segments ??= new SegmentReader(Repository, Index, readAheadBytes: 0);

    public void Dispose()
    {
        _segments?.Dispose();
        Resumed.Dispose();
        Writer.Dispose();
        Index.Dispose();
    }
}
