using Harness.Scenarios.Searches.Swarm;
using Harness.Simulator.Journal;
using Harness.Simulator.Snapshots;

namespace Harness.Scenarios.Searches;

/// <summary>Sets up how the source of a machine tells what changed.</summary>
internal static class MachineTracking
{
    private const int KeptSnapshots = 64;
    private const int RangeChunkBytes = 4096;
    private const int RangeThresholdBytes = 8192;

    /// <summary>From now on it tells so.</summary>
    public static void Begin(SearchMachine machine, SwarmTracking tracking)
    {
        if (tracking == SwarmTracking.None)
        {
            return;
        }

        machine.ChangeTracking = new SimChangeTracking { KeptSnapshots = tracking == SwarmTracking.Snapshots ? KeptSnapshots : 0 };
        if (tracking > SwarmTracking.Snapshots)
        {
            machine.Volume.Journal.Create();
        }

        if (tracking == SwarmTracking.Ranges)
        {
            machine.Volume.Journal.TrackModifiedRanges(new RangeTracking { ChunkBytes = RangeChunkBytes, FileSizeThresholdBytes = RangeThresholdBytes });
        }
    }
}
