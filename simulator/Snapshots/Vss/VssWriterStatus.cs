namespace Harness.Simulator.Snapshots.Vss;

/// <summary>Where a writer is (VSS_WRITER_STATE).</summary>
public enum VssWriterState
{
    /// <summary>Nothing is going on, or all went well.</summary>
    Stable = 1,

    /// <summary>It froze and has not been thawed.</summary>
    WaitingForThaw = 3,

    /// <summary>It failed or hung when it was to freeze.</summary>
    FailedAtFreeze = 9,

    /// <summary>It failed or hung when it was to thaw, or was frozen beyond its limit.</summary>
    FailedAtThaw = 10,
}

/// <summary>What became of a writer in the last set, as "vssadmin list writers" shows it.</summary>
/// <param name="Name">The writer.</param>
/// <param name="State">Where it is.</param>
/// <param name="LastError">Why it failed; none when it did not.</param>
public sealed record VssWriterStatus(string Name, VssWriterState State, VssError LastError);
