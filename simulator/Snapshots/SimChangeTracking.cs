using Harness.Simulator.Journal;
using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots;

/// <summary>
/// How a simulated source tells what changed between two backups: by earlier snapshots, which a provider with block tracking
/// keeps, by the volume's change journal, or by both, the exact way first. Belongs to one volume; shared by its data sources.
/// One logical thread.
/// </summary>
public sealed class SimChangeTracking
{
    private readonly SortedDictionary<long, VolumeSnapshot> _snapshots = [];
    private readonly OpenSeries _series = new();
    private long _last;

    /// <summary>Most earlier snapshots that are kept; the oldest go first. 0 is none: then only the journal tells.</summary>
    public int KeptSnapshots { get; init; } = 64;

    /// <summary>Whether the change journal is read where the snapshots do not tell. It has to be active on the volume.</summary>
    public bool UsesJournal { get; init; } = true;

    /// <summary>Forgets the snapshots kept so far, as a provider does whose storage was lost.</summary>
    public void ForgetSnapshots() => _snapshots.Clear();

    internal long Keep(VolumeSnapshot snapshot)
    {
        _snapshots[++_last] = snapshot;
        while (_snapshots.Count > KeptSnapshots)
        {
            _snapshots.Remove(_snapshots.Keys.First());
        }

        return _last;
    }

    internal long StartOf(JournalView journal) => _series.StartOf(journal);

    internal VolumeSnapshot? Find(long number) => _snapshots.GetValueOrDefault(number);
}
