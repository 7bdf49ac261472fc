namespace Harness.Scenarios.Running;

/// <summary>One budget of a step against what was measured.</summary>
/// <param name="What">What was measured, such as <c>sent-bytes</c>.</param>
/// <param name="Rule">The bound as the scenario has it, such as <c>&lt;= 1.05 * changed + 64KiB</c>.</param>
/// <param name="Limit">The value of the bound.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Holds">Whether the bound was kept.</param>
public sealed record BudgetVerdict(string What, string Rule, long Limit, long Measured, bool Holds);
