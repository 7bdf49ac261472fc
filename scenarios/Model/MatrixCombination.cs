namespace Harness.Scenarios.Model;

/// <summary>Which combinations of axis values become cells.</summary>
public enum MatrixCombination
{
    /// <summary>Every combination.</summary>
    All,

    /// <summary>
    /// So many that every value of each axis meets every value of each other axis at least once, and few more: most faults
    /// take no more than two values to show (Kuhn, Wallace, Gallo, 2004).
    /// </summary>
    Pairs,
}
