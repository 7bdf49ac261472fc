using System.Runtime.CompilerServices;
using Harness.Simulator.FileSystem.Opening;
using Harness.Simulator.FileSystem.Watching;
using Harness.Simulator.Volume;

namespace Harness.Simulator.FileSystem;

/// <summary>
/// What all file systems over one volume share: its lock and its watchers. Everything that touches the volume does so within
/// <see cref="Enter"/>; watchers hear of it, on the same thread, when the outermost scope has ended. What is done to the
/// volume directly they hear from the volume.
/// </summary>
internal sealed class VolumeSession : IVolumeObserver
{
    private static readonly ConditionalWeakTable<SimVolume, VolumeSession> Sessions = [];

    private readonly object _gate = new();
    private readonly List<WatchNotice> _notices = [];
    private int _depth;
    private bool _hearsVolume;

    private VolumeSession(SimVolume volume)
    {
        Volume = volume;
        Opens = new OpenFileTable(volume);
        Watchers = new WatchHub(volume, this);
    }

    public SimVolume Volume { get; }

    /// <summary>The label as somebody set it through DriveInfo; null is that of the settings.</summary>
    public string? Label { get; set; }

    public OpenFileTable Opens { get; }

    public WatchHub Watchers { get; }

    public static VolumeSession Of(SimVolume volume) => Sessions.GetValue(volume, key => new VolumeSession(key));

    public Scope Enter()
    {
        Monitor.Enter(_gate);
        _depth++;
        return new Scope(this);
    }

    /// <summary>Tells watchers of a change; within a scope.</summary>
    public void Publish(WatchNotice notice)
    {
        if (Watchers.HasWatchers)
        {
            _notices.Add(notice);
        }
    }

    /// <summary>Runs an operation of which the file system itself tells nothing; within a scope.</summary>
    public void TellWhatTheVolumeTells(Action operation)
    {
        _hearsVolume = true;
        try
        {
            operation();
        }
        finally
        {
            _hearsVolume = false;
        }
    }

    /// <summary>
    /// A change of the volume. Within a scope the file system is at work, and tells of it in the terms of the call that it
    /// carries out; the same change is not told twice.
    /// </summary>
    public void OnChanged(in VolumeNotice notice)
    {
        var told = new WatchNotice(notice.Kind, notice.Path, notice.OldPath, notice.IsDirectory, notice.Filter);
        if (!Monitor.IsEntered(_gate))
        {
            Watchers.Raise(told);
        }
        else if (_hearsVolume)
        {
            Publish(told);
        }
    }

    private void Leave()
    {
        WatchNotice[] due = [];
        if (--_depth == 0 && _notices.Count > 0)
        {
            due = [.. _notices];
            _notices.Clear();
        }

        Monitor.Exit(_gate);
        foreach (var notice in due)
        {
            Watchers.Raise(notice);
        }
    }

    /// <summary>Holds the volume's lock.</summary>
    internal readonly struct Scope(VolumeSession session) : IDisposable
    {
        public void Dispose() => session.Leave();
    }
}
