namespace Harness.Tests.Mutants;

/// <summary>What became of one mutant. Immutable.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Word">One of the words below.</param>
/// <param name="Why">The test that was red; those that were not; what went wrong.</param>
internal sealed record MutantVerdict(string Id, string Word, string Why)
{
    /// <summary>A test was red, and is green with the measure.</summary>
    public const string Killed = "killed";

    /// <summary>No test was red.</summary>
    public const string Survived = "SURVIVED";

    /// <summary>It did not compile, or no test ran: says nothing about the tests.</summary>
    public const string Error = "ERROR";

    /// <inheritdoc/>
    public override string ToString() => $"{Word,-9} {Id}: {Why}";
}
