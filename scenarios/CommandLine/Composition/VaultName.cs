namespace Harness.Scenarios.CommandLine.Composition;

/// <summary>The value of <c>--vault</c>, as far as the command line itself decides by it.</summary>
internal readonly record struct VaultName(string Text)
{
    private const string DirectoryPrefix = "dir:";

    /// <summary>The directory of a directory vault, or null.</summary>
    public string? Directory =>
        Text.StartsWith(DirectoryPrefix, StringComparison.Ordinal) ? Text[DirectoryPrefix.Length..] : null;

    /// <summary>Whether what is written to it is still there for the next command.</summary>
    public bool OutlivesCommand => Text is not ("memory" or "azurite");

    /// <summary>The same text for the same vault, wherever the command is run from.</summary>
    public string Key => Directory is { Length: > 0 } path ? DirectoryPrefix + Path.GetFullPath(path) : Text;
}
