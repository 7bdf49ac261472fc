namespace Harness.Engine.Backup;

/// <summary>What a run would do, as a dry run works it out.</summary>
/// <param name="ChangePath">
/// How it would find what changed: <c>changes</c> where the source tells, <c>scan</c> by a listing, <c>full</c> for the first one.
/// </param>
/// <param name="Files">Entries of which something would be read.</param>
/// <param name="ReadBytes">Bytes that would be read from the source.</param>
public sealed record DryRunPlan(string ChangePath, long Files, long ReadBytes);
