using System.Text.Json.Serialization;

namespace Harness.Scenarios.Running;

/// <summary>How a cell ended.</summary>
public enum CellState
{
    /// <summary>Everything as expected.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>Something otherwise than expected.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>The harness or the engine broke.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The cell did not end in its time.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>A failure that is listed as known.</summary>
    [JsonStringEnumMemberName("known-fail")]
    KnownFail,

    /// <summary>A pass where a failure is listed as known: the list is out of date.</summary>
    [JsonStringEnumMemberName("unexpected-pass")]
    UnexpectedPass,

    /// <summary>Not run for a stated reason.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>Planned, but the run ended before it.</summary>
    [JsonStringEnumMemberName("not-run")]
    NotRun,
}

/// <summary>How states are counted.</summary>
public static class CellStates
{
    /// <summary>Whether the state makes a run red.</summary>
    public static bool IsFailure(CellState state) =>
        state is CellState.Fail or CellState.Error or CellState.Timeout or CellState.UnexpectedPass;

    /// <summary>The state as results and reports write it.</summary>
    public static string Name(CellState state) => Yaml.YamlNames.Of(state.ToString());

    /// <summary>A sign beside the word, so that colour is never the only sign.</summary>
    public static string Symbol(CellState state) => state switch
    {
        CellState.Pass => "✓",
        CellState.Fail => "✗",
        CellState.Error => "‼",
        CellState.Timeout => "⧖",
        CellState.KnownFail => "≈",
        CellState.UnexpectedPass => "!",
        CellState.Skipped => "–",
        _ => "·",
    };
}
