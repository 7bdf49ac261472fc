using Harness.Simulator.Volume;

namespace Harness.Simulator.Snapshots.Vss;

/// <summary>
/// The snapshots of one volume and the space that keeps them readable. Told of every write; when the space is used up, the
/// oldest snapshots go until the rest fits (volsnap event 25). The volume's thread only.
/// </summary>
internal sealed class DiffArea : IVolumeWatcher
{
    private readonly SimVolume _volume;
    private readonly List<VssSnapshot> _snapshots = [];
    private long _pagesCloned;

    public DiffArea(SimVolume volume, long maxBytes)
    {
        _volume = volume;
        MaxBytes = maxBytes;
        _volume.Watcher = this;
    }

    public long MaxBytes { get; private set; }

    public long UsedBytes => _snapshots.Sum(snapshot => snapshot.DiffAreaBytes);

    /// <summary>Where the area takes space on its volume, it cannot grow into that of the files.</summary>
    private bool IsVolumeFull => _volume.UsedBytes > _volume.Settings.EffectiveCapacityBytes && UsedBytes > 0
        && _volume.Settings.ChargesInternalFiles;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<VssSnapshot> Snapshots => _snapshots;

    public void Add(VssSnapshot snapshot)
    {
        _pagesCloned = _volume.PagesCloned;
        _snapshots.Add(snapshot);
    }

    public void Remove(VssSnapshot snapshot, string reason)
    {
        snapshot.DeletedBecause = reason;
        _snapshots.Remove(snapshot);
        _volume.DiffAreaBytes = UsedBytes;
    }

    /// <summary>Gives the area another size, which may cost snapshots.</summary>
    public void Resize(long maxBytes)
    {
        MaxBytes = maxBytes;
        OnChanged();
    }

    public void OnOverwritten(FileReference file, string stream, StreamState before, long from, long to)
    {
        if (_snapshots.Count > 0)
        {
            _snapshots[^1].Copied.Add(file, stream, before, from, to);
        }
    }

    public void OnChanged()
    {
        if (_snapshots.Count == 0)
        {
            return;
        }

        _snapshots[^1].Copied.AddPages(_volume.PagesCloned - _pagesCloned);
        _pagesCloned = _volume.PagesCloned;
        _volume.DiffAreaBytes = UsedBytes;
        while (_snapshots.Count > 0 && (UsedBytes > MaxBytes || IsVolumeFull))
        {
            Remove(_snapshots[0], "the diff area is full");
        }
    }
}
