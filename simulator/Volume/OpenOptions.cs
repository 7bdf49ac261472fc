namespace Harness.Simulator.Volume;

/// <summary>What <see cref="SimVolume.Open(string, FileAccess, FileShare, OpenOptions)"/> asks for besides data access.</summary>
[Flags]
public enum OpenOptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The DELETE right, which <see cref="VolumeHandle.Delete"/> needs and other handles must share.</summary>
    Delete = 1,

    /// <summary>FILE_DELETE_ON_CLOSE: closing this handle deletes; implies <see cref="Delete"/>.</summary>
    DeleteOnClose = 2,

    /// <summary>With <see cref="DeleteOnClose"/>: the name goes with this handle, even while others hold the file.</summary>
    PosixDelete = 4,
}
