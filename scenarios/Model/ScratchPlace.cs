namespace Harness.Scenarios.Model;

/// <summary>Where the scratch location of a scenario is.</summary>
public enum ScratchPlace
{
    /// <summary>In memory, exact to the byte.</summary>
    Memory,

    /// <summary>A directory on a simulated Windows volume, in clusters of 4 KiB, through the operations of a file system.</summary>
    Volume,
}
