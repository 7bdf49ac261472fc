using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>States as single letters, so that thousands of them are small.</summary>
public static class StateLetters
{
    /// <summary>Of a phase that the cell does not have.</summary>
    public const char None = '-';

    /// <summary>The letter.</summary>
    public static char Of(CellState state) => state switch
    {
        CellState.Pass => 'p',
        CellState.Fail => 'f',
        CellState.Error => 'e',
        CellState.Timeout => 't',
        CellState.KnownFail => 'k',
        CellState.UnexpectedPass => 'u',
        CellState.Skipped => 's',
        _ => 'n',
    };
}
