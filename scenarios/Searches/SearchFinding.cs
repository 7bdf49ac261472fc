namespace Harness.Scenarios.Searches;

/// <summary>Something that a search found: a claim of FAULT_MODEL.md that did not hold.</summary>
/// <param name="Run">What was run: history, seed, and the fault or the place of the crash; enough to run it again.</param>
/// <param name="What">What was wrong.</param>
internal sealed record SearchFinding(string Run, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Run}: {What}";
}
