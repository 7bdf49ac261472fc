using Harness.Engine.Errors;

namespace Harness.Simulator.Snapshots;

/// <summary>Faults by path, and a hook for everything else. Set up by the test's own thread.</summary>
public sealed class SimVolumeFaults : ISimVolumeFaults
{
    private readonly Dictionary<(SimVolumeOperation Operation, string Path), SourceFault> _byPath = [];

    /// <inheritdoc/>
    public bool IsSourceGone { get; set; }

    /// <summary>When set, taking a snapshot fails with this reason.</summary>
    public string? SnapshotFailure { get; set; }

    /// <summary>Asked about each call that no path rule decides; may set <see cref="IsSourceGone"/> in passing.</summary>
    public Func<SimVolumeCall, SourceFault?>? Hook { get; set; }

    /// <summary>Makes one operation on one path fail from now on. Returns itself.</summary>
    public SimVolumeFaults Fail(string path, SourceFault fault, SimVolumeOperation operation = SimVolumeOperation.Open)
    {
        _byPath[(operation, path)] = fault;
        return this;
    }

    /// <summary>Lets one operation on one path succeed again.</summary>
    public void Release(string path, SimVolumeOperation operation = SimVolumeOperation.Open) => _byPath.Remove((operation, path));

    /// <inheritdoc/>
    public string? OnSnapshot() => SnapshotFailure;

    /// <inheritdoc/>
    public SourceFault? On(SimVolumeCall call) =>
        _byPath.TryGetValue((call.Operation, call.Path), out var fault) ? fault : Hook?.Invoke(call);
}
