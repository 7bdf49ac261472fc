namespace Harness.Engine.Servers;

/// <summary>A prerequisite that a server lacks.</summary>
/// <param name="Needed">What is needed: "Update Rollup 3 or later of System Center 2012 R2".</param>
/// <param name="Found">What is there instead: "Update Rollup 2".</param>
/// <param name="Remedy">What to do, one sentence.</param>
/// <param name="Clause">Id of the clause that asks for it.</param>
public sealed record ServerNeed(string Needed, string Found, string Remedy, string Clause);
