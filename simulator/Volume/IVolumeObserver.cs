namespace Harness.Simulator.Volume;

/// <summary>
/// Is told of every change of a live volume, whoever makes it and by whatever way: after the operation, on the thread that
/// made it, before the call returns. It may use the volume.
/// </summary>
public interface IVolumeObserver
{
    /// <summary>One change; an operation may tell of several, in the order in which Windows does.</summary>
    void OnChanged(in VolumeNotice notice);
}
