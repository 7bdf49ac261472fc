namespace Harness.Simulator.Snapshots.Vss;

/// <summary>
/// An application that takes part in snapshots. A call that throws fails the writer, a <see cref="VssException"/> with its
/// own result; one that does not end within the limit is given up, and its token cancelled.
/// </summary>
public interface IVssWriter
{
    /// <summary>Name for people.</summary>
    string Name { get; }

    /// <summary>Flush and stop writing: what the snapshot shows is what is there when this ends.</summary>
    ValueTask OnFreezeAsync(CancellationToken cancellationToken);

    /// <summary>Go on writing.</summary>
    ValueTask OnThawAsync(CancellationToken cancellationToken);

    /// <summary>The set is given up; go on writing. Must not fail.</summary>
    void OnAbort();
}
