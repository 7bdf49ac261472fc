using Harness.Engine.Local.Scratch;
using Harness.Scenarios.Model;
using Harness.Simulator.FileSystem;
using Harness.Simulator.Scratch;
using Harness.Simulator.Volume;

namespace Harness.Scenarios.Running;

/// <summary>
/// The scratch location of one source of a cell: in memory, or a directory of a simulated Windows volume, whose free space is
/// what a ballast file leaves. One logical thread.
/// </summary>
internal sealed class CellScratch : IVolumeObserver
{
    private const long BallastBytes = 1 << 30;
    private const string Ballast = "ballast";
    private const string Folder = "Scratch";

    private readonly SimScratch? _memory;
    private readonly SimVolume? _volume;
    private long _peakBytes;

    /// <summary>Makes an empty location.</summary>
    /// <param name="place">Where.</param>
    /// <param name="freeBytes">Free space of its volume; later changes are rounded down to clusters.</param>
    /// <param name="clock">Clock of the cell.</param>
    public CellScratch(ScratchPlace place, long freeBytes, TimeProvider clock)
    {
        if (place == ScratchPlace.Memory)
        {
            Port = new TroubledScratch(_memory = new SimScratch(freeBytes));
            return;
        }

        _volume = new SimVolume(new VolumeSettings { Label = "scratch", CapacityBytes = BallastBytes + freeBytes }, clock);
        _volume.CreateFile(Ballast, BallastBytes);
        _volume.Observe(this);
        Port = new TroubledScratch(new FileSystemScratch(new SimFileSystem(_volume), $@"C:\{Folder}"));
    }

    /// <summary>What the engine gets.</summary>
    public TroubledScratch Port { get; }

    /// <summary>The most that its files ever occupied.</summary>
    public long PeakBytes => _memory?.PeakBytes ?? _peakBytes;

    /// <summary>Changes the free space of the volume as it would be without the files here.</summary>
    public void SetFree(long freeBytes)
    {
        if (_memory is not null)
        {
            _memory.CapacityBytes = freeBytes;
        }
        else
        {
            _volume!.SetEndOfFile(Ballast, Math.Max(_volume.Settings.EffectiveCapacityBytes - freeBytes, 0));
        }
    }

    /// <summary>Loses every file, as a user does who empties the cache.</summary>
    public void Clear()
    {
        _memory?.Clear();
        if (_volume?.Find(Folder) is not null)
        {
            _volume.DeleteTree(Folder);
        }
    }

    /// <inheritdoc/>
    public void OnChanged(in VolumeNotice notice) =>
        _peakBytes = Math.Max(_peakBytes, _volume!.UsedBytes - _volume.Get(Ballast).Streams[0].AllocatedBytes);
}
