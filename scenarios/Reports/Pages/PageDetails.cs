using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Pages;

/// <summary>Everything else about the cells, packed in blocks, of which the page unpacks one when someone opens a cell in it.</summary>
internal static class PageDetails
{
    /// <summary>Cells in a block: fewer pack worse, more take longer to open.</summary>
    public const int CellsPerBlock = 100;

    /// <summary>From so many cells on, those that are as expected leave their trace to results.jsonl, so that the page stays small.</summary>
    private const int MaxTracedCells = 500;

    /// <summary>One packed block a line.</summary>
    public static string Of(IReadOnlyList<CellResult> results) => string.Join(
        '\n', results.Chunk(CellsPerBlock).Select(block => PageJson.Packed(block.Select(r => CellOf(r, results.Count <= MaxTracedCells)))));

    private static object CellOf(CellResult result, bool allTraces) => new
    {
        result.Reason,
        result.Expected,
        result.Actual,
        Mismatches = NotEmpty(result.Mismatches),
        Steps = NotEmpty([.. result.Steps.Select(StepOf)]),
        result.Seed,
        result.Shard,
        Trace = allTraces || result.State != CellState.Pass ? NotEmpty(result.Trace) : null,
        result.Repro,
    };

    private static object StepOf(StepResult step) => new
    {
        step.Name,
        step.Kind,
        State = StateLetters.Of(step.State).ToString(),
        Sent = NotZero(step.SentBytes),
        Received = NotZero(step.ReceivedBytes),
        Requests = NotZero(step.Requests),
        Changed = NotZero(step.ChangedBytes),
        Touched = NotZero(step.TouchedBytes),
        Protected = NotZero(step.ProtectedBytes),
        Scratch = NotZero(step.ScratchPeakBytes),
        Ms = step.DurationMs > 0 ? Math.Round(step.DurationMs) : (double?)null,
        step.Outcome,
        Files = NotEmpty(step.Files),
        Budgets = NotEmpty(step.Budgets),
    };

    private static long? NotZero(long number) => number == 0 ? null : number;

    private static IReadOnlyList<T>? NotEmpty<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : list;
}
