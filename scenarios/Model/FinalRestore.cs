namespace Harness.Scenarios.Model;

/// <summary>Which recovery points are restored and compared at the end of a cell.</summary>
public enum FinalRestore
{
    /// <summary>Every committed one that no step restored.</summary>
    All,

    /// <summary>The latest of each source.</summary>
    Latest,

    /// <summary>None.</summary>
    None,
}
