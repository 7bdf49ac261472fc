using Harness.Simulator.Journal;

namespace Harness.Simulator.Volume;

/// <summary>Who is told of changes. Operations tell by what they post to the change journal.</summary>
public sealed partial class SimVolume
{
    private const UsnReason Written = UsnReason.DataOverwrite | UsnReason.NamedDataOverwrite | UsnReason.StreamChange
        | UsnReason.NamedDataExtend | UsnReason.NamedDataTruncation;

    private const UsnReason Resized = UsnReason.DataExtend | UsnReason.DataTruncation;

    private const UsnReason Attributed = UsnReason.BasicInfoChange | UsnReason.CompressionChange | UsnReason.EncryptionChange
        | UsnReason.ReparsePointChange | UsnReason.ObjectIdChange | UsnReason.IndexableChange | UsnReason.EaChange;

    private IVolumeObserver[] _observers = [];

    /// <summary>Tells an observer of every change from now on. One that is there already is not told twice.</summary>
    public void Observe(IVolumeObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (Array.IndexOf(_observers, observer) < 0)
        {
            _observers = [.. _observers, observer];
        }
    }

    /// <summary>Tells an observer no more.</summary>
    public void StopObserving(IVolumeObserver observer) =>
        _observers = [.. _observers.Where(other => !ReferenceEquals(other, observer))];

    private static NotifyFilters FilterOf(UsnReason reason) =>
        ((reason & Resized) != UsnReason.None ? NotifyFilters.Size | NotifyFilters.LastWrite : default)
        | ((reason & Written) != UsnReason.None ? NotifyFilters.LastWrite : default)
        | ((reason & Attributed) != UsnReason.None ? NotifyFilters.Attributes : default)
        | ((reason & UsnReason.SecurityChange) != UsnReason.None ? NotifyFilters.Security : default);

    /// <summary>The path for a notice, "" when nobody listens.</summary>
    private string PathForNotice(Place place) => _observers.Length == 0 ? "" : PathOf(place);

    private void NotifyChange(uint index, UsnReason reason, FileLink? link, NotifyFilters filter)
    {
        if (_observers.Length == 0 || Records.Get(index).LinkCount == 0)
        {
            return;
        }

        ref readonly var record = ref Records.Get(index);
        var path = PathOf(new Place(index, link ?? new FileLink(record.Parent, record.NameRef)));
        filter = filter == default ? FilterOf(reason) : filter;
        if (link is not null && (reason & UsnReason.HardLinkChange) != UsnReason.None)
        {
            Notify(VolumeNotice.Created(path, record.IsDirectory));
        }
        else if (filter != default)
        {
            Notify(VolumeNotice.Changed(path, record.IsDirectory, filter));
        }
    }

    private void NotifyCreation(uint index)
    {
        if (_observers.Length > 0)
        {
            ref readonly var record = ref Records.Get(index);
            Notify(VolumeNotice.Created(
                PathOf(new Place(index, new FileLink(record.Parent, record.NameRef))), record.IsDirectory));
        }
    }

    private void NotifyRename(Place old, FileLink to)
    {
        if (_observers.Length == 0)
        {
            return;
        }

        var isDirectory = Records.Get(old.Index).IsDirectory;
        var oldPath = PathOf(old);
        var path = PathOf(old with { Link = to });
        if (old.Link.Parent == to.Parent)
        {
            Notify(VolumeNotice.Renamed(oldPath, path, isDirectory));
            return;
        }

        Notify(VolumeNotice.Deleted(oldPath, isDirectory));
        Notify(VolumeNotice.Created(path, isDirectory));
    }

    private void Notify(in VolumeNotice notice)
    {
        foreach (var observer in _observers)
        {
            observer.OnChanged(notice);
        }
    }
}
