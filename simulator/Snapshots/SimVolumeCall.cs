namespace Harness.Simulator.Snapshots;

/// <summary>What a reader of a simulated source is about to do.</summary>
public enum SimVolumeOperation
{
    /// <summary>Show one entry of the listing.</summary>
    List,

    /// <summary>Open a stream.</summary>
    Open,

    /// <summary>Read a block.</summary>
    Read,
}

/// <summary>One call, as a fault is addressed: by operation, path and place, never by a random number.</summary>
/// <param name="Operation">What is about to happen.</param>
/// <param name="Path">Relative to the source; a stream as <c>path:stream</c>.</param>
/// <param name="Offset">First byte of a read, else 0.</param>
/// <param name="Length">Bytes of a read, else 0.</param>
public readonly record struct SimVolumeCall(SimVolumeOperation Operation, string Path, long Offset = 0, int Length = 0);
