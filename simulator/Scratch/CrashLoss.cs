namespace Harness.Simulator.Scratch;

/// <summary>What becomes, at a crash, of what was not flushed.</summary>
public enum CrashLoss
{
    /// <summary>All of it is lost.</summary>
    Dropped,

    /// <summary>All of it had reached the disk.</summary>
    Kept,

    /// <summary>Some pages and sectors had reached the disk, in no order; some of the rest is garbage.</summary>
    Torn,
}
