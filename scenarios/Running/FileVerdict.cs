namespace Harness.Scenarios.Running;

/// <summary>What became of one file, directory or named stream in one backup.</summary>
/// <param name="Path">Relative to the volume with '/', a stream as <c>path:stream</c>.</param>
/// <param name="Traits">What the volume says of it, joined by commas, such as <c>encrypted,sparse</c>; empty for an ordinary file.</param>
/// <param name="Expected">What the documents demand, such as <c>skipped: hard-link</c>.</param>
/// <param name="Actual">What the engine reported.</param>
/// <param name="Clause">The clause that the engine or, where it names none, the scenario gives; null where neither does.</param>
public sealed record FileVerdict(string Path, string Traits, string Expected, string Actual, string? Clause);
