using System.Text.RegularExpressions;

namespace Harness.Tests.Workflows;

/// <summary>Finds command lines of harness in scripts and takes them apart as a shell would.</summary>
internal static partial class CommandLines
{
    /// <summary>The command lines of a text, without the program; variables stand as 1.</summary>
    internal static IEnumerable<string> In(string text)
    {
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
        {
            if (Start().Match(line) is { Success: true } start)
            {
                var rest = End().Split(Variable().Replace(line[(start.Index + start.Length)..].Replace("\"$@\"", "", StringComparison.Ordinal), "1"))[0];
                var verb = start.Value.Contains("run-scenarios", StringComparison.Ordinal) ? "run " : "";
                var words = start.Value.Contains(".ps1", StringComparison.Ordinal)
                    ? PowerShellName().Replace(rest, match => " --" + match.Groups["name"].Value.ToLowerInvariant())
                    : rest;
                yield return (verb + words.Replace("\"", "", StringComparison.Ordinal).Trim()).Trim();
            }
        }
    }

    /// <summary>The words of a command line; single quotes hold one together.</summary>
    internal static string[] Words(string command) => [.. Word().Matches(command).Select(match => match.Value.Trim('\''))];

    [GeneratedRegex(@"(?:harness\.dll""?|""\$dll""|\./run-scenarios\.(?:sh|ps1)|--project scenarios [^|]*? --)(?= |$)", RegexOptions.None, 1000)]
    private static partial Regex Start();

    [GeneratedRegex(@" (?:\||&&|;|>|2>)", RegexOptions.None, 1000)]
    private static partial Regex End();

    [GeneratedRegex(@"\$\{\{[^}]*\}\}|\$\([^)]*\)|\$\{?[A-Za-z_]+\}?", RegexOptions.None, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@" -(?<name>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PowerShellName();

    [GeneratedRegex(@"'[^']*'|[^ ']+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
