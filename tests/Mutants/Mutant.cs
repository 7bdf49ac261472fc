namespace Harness.Tests.Mutants;

/// <summary>One safety measure of the engine and how it is taken away (mutants.yaml). Immutable.</summary>
/// <param name="Id">Its name.</param>
/// <param name="File">The file, from the root of the tree.</param>
/// <param name="Edits">Texts, each once in the file, and what takes their places.</param>
/// <param name="Why">What it protects from.</param>
/// <param name="Tests">Classes or Class.Method, of which one at least must fail without it.</param>
internal sealed record Mutant(string Id, string File, IReadOnlyList<(string Text, string With)> Edits, string Why, IReadOnlyList<string> Tests)
{
    /// <summary>The file without the measure; <see cref="InvalidOperationException"/> when a text is not there exactly once.</summary>
    public string ApplyTo(string source)
    {
        foreach (var (text, with) in Edits)
        {
            var at = source.IndexOf(text, StringComparison.Ordinal);
            if (at < 0 || source.IndexOf(text, at + 1, StringComparison.Ordinal) >= 0)
            {
                throw new InvalidOperationException($"{Id}: the text is {(at < 0 ? "not" : "more than once")} in {File}: {text}");
            }

            source = string.Concat(source.AsSpan(0, at), with, source.AsSpan(at + text.Length));
        }

        return source;
    }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
