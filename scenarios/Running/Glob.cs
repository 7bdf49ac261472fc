namespace Harness.Scenarios.Running;

/// <summary>Patterns of ids and paths; everything but the wildcards stands for itself, brackets included.</summary>
public static class Glob
{
    /// <summary>Matches an id: '*' is anything, '?' one character.</summary>
    public static bool MatchesId(string pattern, string text) => Matches(pattern, text, acrossSlash: true);

    /// <summary>Matches a path: '**' is anything, '*' anything within one component, '?' one character that is no '/'.</summary>
    public static bool MatchesPath(string pattern, string path) => Matches(pattern, path, acrossSlash: false);

    /// <summary>Whether there is a wildcard in a pattern.</summary>
    public static bool HasWildcard(string pattern) => pattern.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool acrossSlash)
    {
        // reach[j]: the pattern read so far can end just before text[j]. Linear in the product of lengths, never exponential.
        var reach = new bool[text.Length + 1];
        reach[0] = true;
        for (var i = 0; i < pattern.Length; i++)
        {
            var next = new bool[text.Length + 1];
            var any = pattern[i] == '*';
            var wide = any && (acrossSlash || (i + 1 < pattern.Length && pattern[i + 1] == '*'));
            if (wide && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                i++;
            }

            for (var j = 0; j <= text.Length; j++)
            {
                if (any)
                {
                    next[j] = reach[j] || (j > 0 && next[j - 1] && (wide || text[j - 1] != '/'));
                }
                else if (j > 0 && reach[j - 1])
                {
                    next[j] = pattern[i] == text[j - 1] || (pattern[i] == '?' && (acrossSlash || text[j - 1] != '/'));
                }
            }

            reach = next;
        }

        return reach[^1];
    }
}
