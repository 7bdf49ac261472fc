using Harness.Engine.Errors;

namespace Harness.Simulator.Snapshots;

/// <summary>Decides which calls to a simulated source fail. Called before the effect.</summary>
public interface ISimVolumeFaults
{
    /// <summary>Whether the whole source is gone: it is not found, its snapshots are dead, and reads find nothing.</summary>
    bool IsSourceGone { get; }

    /// <summary>Why taking a snapshot fails now, for the error text; null when it does not.</summary>
    string? OnSnapshot();

    /// <summary>How a call fails; null when it does not.</summary>
    SourceFault? On(SimVolumeCall call);
}
