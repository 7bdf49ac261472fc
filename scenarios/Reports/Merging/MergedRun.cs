using Harness.Scenarios.Running;

namespace Harness.Scenarios.Reports.Merging;

/// <summary>The parts of a run as one.</summary>
/// <param name="Header">What was run.</param>
/// <param name="Results">By id, those that no part has as not run.</param>
/// <param name="Missing">What is missing, a line each: cells, or parts of which not even the cells are known.</param>
/// <param name="Notes">What a person should know: directories without results, cells that several parts ran.</param>
public sealed record MergedRun(
    RunHeader Header, IReadOnlyList<CellResult> Results, IReadOnlyList<string> Missing, IReadOnlyList<string> Notes);
