namespace Harness.Scenarios.Yaml;

/// <summary>Finds the word that was meant.</summary>
public static class DidYouMean
{
    /// <summary>The nearest of the allowed words as " Did you mean 'x'?", or "" when none is near.</summary>
    public static string Hint(string word, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(word);
        var limit = word.Length <= 3 ? 1 : Math.Max(2, word.Length / 3);
        var best = allowed
            .Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is null ? "" : $" Did you mean '{best.candidate}'?";
    }

    /// <summary>A sentence that names what is allowed, at most twelve words of it.</summary>
    public static string Allowed(IEnumerable<string> allowed)
    {
        var all = allowed.ToList();
        var shown = string.Join(", ", all.Take(12));
        return all.Count > 12 ? $"Allowed: {shown}, and {all.Count - 12} more." : $"Allowed: {shown}.";
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two words.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
