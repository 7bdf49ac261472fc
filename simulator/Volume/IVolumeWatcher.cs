namespace Harness.Simulator.Volume;

/// <summary>Is told of changes to a live volume, on the thread that makes them. Must not change the volume.</summary>
internal interface IVolumeWatcher
{
    /// <summary>A range of a stream was written over; <paramref name="before"/> is what a snapshot still shows there.</summary>
    void OnOverwritten(FileReference file, string stream, StreamState before, long from, long to);

    /// <summary>An operation is complete.</summary>
    void OnChanged();
}
