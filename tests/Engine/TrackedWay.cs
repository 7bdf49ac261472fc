using Harness.Simulator.Journal;
using Harness.Simulator.Snapshots;
using Harness.Tests.Support;

namespace Harness.Tests.Engine;

/// <summary>How a source tells what changed.</summary>
public enum TrackedWay
{
    /// <summary>Not at all: everything is listed, and what its times do not clear is read.</summary>
    Scan,

    /// <summary>By snapshots: the exact ranges.</summary>
    Snapshots,

    /// <summary>By the change journal: which files.</summary>
    Journal,

    /// <summary>By the change journal with range tracking: which files, and where.</summary>
    JournalRanges,
}

/// <summary>Sets a rig up for a way.</summary>
internal static class TrackedWays
{
    public const int ChunkBytes = 4096;

    public static EngineRig With(this EngineRig rig, TrackedWay way)
    {
        if (way == TrackedWay.Scan)
        {
            return rig;
        }

        rig.ChangeTracking = new SimChangeTracking { KeptSnapshots = way == TrackedWay.Snapshots ? 8 : 0 };
        if (way != TrackedWay.Snapshots)
        {
            rig.Volume.Journal.Create();
        }

        if (way == TrackedWay.JournalRanges)
        {
            rig.Volume.Journal.TrackModifiedRanges(
                new RangeTracking { ChunkBytes = ChunkBytes, FileSizeThresholdBytes = 2 * ChunkBytes });
        }

        return rig;
    }
}
